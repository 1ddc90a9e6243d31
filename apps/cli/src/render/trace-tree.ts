import type { StoredSpan } from '../api/schemas';

interface Node {
  readonly span: StoredSpan;
  readonly children: Node[];
}

/**
 * A trace as lines: each span under its parent, in order of start, with its duration, its self time (the part
 * that no child covers) and the process it ran in. A span whose parent is not there stands at the top.
 */
export function renderTrace(spans: readonly StoredSpan[], width: number): readonly string[] {
  const rows = forest(spans).flatMap((root) => rowsOf(root, '', ''));
  const nameWidth = Math.min(Math.max(20, ...rows.map((row) => row.name.length)), Math.max(30, width - 52));
  const processWidth = Math.max(7, ...rows.map((row) => row.span.service.length));
  const start = Math.min(...spans.map((span) => span.start_us));
  const head = `${'span'.padEnd(nameWidth)}  ${'process'.padEnd(processWidth)}  ${'at'.padStart(9)}  ${'took'.padStart(9)}  ${'self'.padStart(9)}`;
  return [
    head,
    ...rows.map(({ name, span, self }) =>
      [
        name.slice(0, nameWidth).padEnd(nameWidth),
        span.service.padEnd(processWidth),
        milliseconds(span.start_us - start),
        milliseconds(span.duration_us),
        milliseconds(self),
        ...(span.status === 'error' ? ['error'] : []),
      ].join('  '),
    ),
  ];
}

interface Row {
  readonly name: string;
  readonly span: StoredSpan;
  readonly self: number;
}

function forest(spans: readonly StoredSpan[]): readonly Node[] {
  const nodes = new Map(spans.map((span) => [span.span_id, { span, children: [] as Node[] }]));
  const roots: Node[] = [];
  for (const node of [...nodes.values()].sort((a, b) => a.span.start_us - b.span.start_us)) {
    const parent = node.span.parent_span_id === null ? undefined : nodes.get(node.span.parent_span_id);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

function rowsOf(node: Node, lead: string, childLead: string): readonly Row[] {
  const { span, children } = node;
  const own = { name: lead + titleOf(span), span, self: selfTime(node) };
  const below = children.flatMap((child, index) => {
    const last = index === children.length - 1;
    return rowsOf(child, `${childLead}${last ? '└ ' : '├ '}`, `${childLead}${last ? '  ' : '│ '}`);
  });
  return [own, ...below];
}

function titleOf(span: StoredSpan): string {
  const capability = span.attributes['capability'];
  return typeof capability === 'string' && span.name.startsWith('step_')
    ? `${span.name} ${capability}`
    : span.name;
}

/** Microseconds of the span that no child covers; children may overlap, or outlive their parent. */
export function selfTime(node: { readonly span: StoredSpan; readonly children: readonly Node[] }): number {
  const end = node.span.start_us + node.span.duration_us;
  let covered = 0;
  let reached = node.span.start_us;
  for (const { span } of node.children) {
    const from = Math.max(span.start_us, reached);
    const to = Math.min(span.start_us + span.duration_us, end);
    if (to > from) {
      covered += to - from;
      reached = to;
    }
  }
  return node.span.duration_us - covered;
}

const milliseconds = (us: number) => `${(us / 1000).toFixed(1)} ms`.padStart(9);
