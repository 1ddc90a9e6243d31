import { decodeTraceExport, type ReceivedSpan } from './otlp-protocol';
import { startReceiverServer, type ReceiverBehaviour } from './receiver-server';
import { drawTree, toTree, type DrawOptions, type SpanNode } from './trace-tree';

/** A real OTLP/HTTP endpoint (protobuf, gzip or plain) that keeps every span it was sent. */
export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly port: number;
  spans(): readonly ReceivedSpan[];
  /** Trace ids in order of arrival. */
  traceIds(): readonly string[];
  tree(traceId: string): readonly SpanNode[];
  /** The trace as indented lines: `name (KIND, service)`, with `error` behind failed spans. */
  draw(traceId: string, options?: DrawOptions): string;
  /** The bytes that arrived, decompressed: to search for what must not be there. */
  bytes(): Buffer;
  requests(): number;
  behave(behaviour: ReceiverBehaviour): void;
  /** Resolves once the spans received satisfy `condition`. */
  until(condition: (spans: readonly ReceivedSpan[]) => boolean, timeoutMs?: number): Promise<void>;
  clear(): void;
  close(): Promise<void>;
}

export const startOtlpReceiver = async (options: { readonly port?: number } = {}): Promise<OtlpReceiver> => {
  let spans: ReceivedSpan[] = [];
  let bodies: Buffer[] = [];
  const server = await startReceiverServer({
    port: options.port ?? 0,
    path: /^\/v1\/traces$/,
    receive(body, request) {
      bodies.push(body);
      spans.push(...decodeTraceExport(body, request.headers['content-type']));
    },
    answer: { type: 'application/x-protobuf', body: Buffer.alloc(0) },
  });
  const tree = (traceId: string): readonly SpanNode[] =>
    toTree(spans.filter((span) => span.traceId === traceId));
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    spans: () => spans,
    traceIds: () => [...new Set(spans.map(({ traceId }) => traceId))],
    tree,
    draw: (traceId, drawOptions) => drawTree(tree(traceId), drawOptions),
    bytes: () => Buffer.concat(bodies),
    requests: () => server.requests(),
    behave: (behaviour) => server.behave(behaviour),
    until: (condition, timeoutMs = 10_000) =>
      server.until(
        () => condition(spans),
        () => `${spans.length} spans: ${[...new Set(spans.map(({ name }) => name))].join(', ')}`,
        timeoutMs,
      ),
    clear() {
      spans = [];
      bodies = [];
    },
    close: () => server.close(),
  };
};
