import type { ReceivedSpan } from './otlp-protocol';

export interface SpanNode {
  readonly span: ReceivedSpan;
  readonly children: readonly SpanNode[];
}

const byStart = (one: SpanNode, other: SpanNode): number =>
  Number(one.span.startUnixNano - other.span.startUnixNano) || (one.span.name < other.span.name ? -1 : 1);

/** The spans of one trace as trees, children in order of start. A span whose parent is missing is a root. */
export const toTree = (spans: readonly ReceivedSpan[]): readonly SpanNode[] => {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const childrenOf = (parent: string | undefined): SpanNode[] =>
    spans
      .filter((span) =>
        parent === undefined
          ? span.parentSpanId === undefined || !ids.has(span.parentSpanId)
          : span.parentSpanId === parent,
      )
      .map((span) => ({ span, children: childrenOf(span.spanId) }))
      .sort(byStart);
  return childrenOf(undefined);
};

export interface DrawOptions {
  /** Leaves a span out, with all below it. */
  readonly without?: (span: ReceivedSpan) => boolean;
  /** What stands for a span; its name, kind, service and `error` when it failed, by default. */
  readonly label?: (span: ReceivedSpan) => string;
}

const usualLabel = (span: ReceivedSpan): string =>
  `${span.name} (${span.kind}, ${span.service})${span.status.code === 'error' ? ' error' : ''}`;

/** Trees as indented lines, two spaces a level, to be compared as text. */
export const drawTree = (nodes: readonly SpanNode[], options: DrawOptions = {}): string => {
  const draw = (node: SpanNode, depth: number): string[] =>
    options.without?.(node.span) === true
      ? []
      : [
          `${'  '.repeat(depth)}${(options.label ?? usualLabel)(node.span)}`,
          ...node.children.flatMap((child) => draw(child, depth + 1)),
        ];
  return nodes.flatMap((node) => draw(node, 0)).join('\n');
};
