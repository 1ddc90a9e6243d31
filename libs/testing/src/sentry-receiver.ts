import { startReceiverServer, type ReceiverBehaviour } from './receiver-server';

export interface SentryItem {
  /** `event`, `transaction`, `log`, `span`, `session`, `attachment`… */
  readonly type: string;
  readonly header: Readonly<Record<string, unknown>>;
  /** Parsed JSON, or the text of an attachment. */
  readonly payload: unknown;
}
export interface SentryEnvelope {
  readonly header: Readonly<Record<string, unknown>>;
  readonly items: readonly SentryItem[];
}
export type SentryEventPayload = Readonly<Record<string, unknown>>;

/** A real Sentry endpoint: takes envelopes over HTTP, gzip or plain, and keeps them. */
export interface SentryReceiver {
  readonly dsn: string;
  readonly port: number;
  envelopes(): readonly SentryEnvelope[];
  /** The error events received. */
  events(): readonly SentryEventPayload[];
  /** The bytes that arrived, decompressed: to search for what must not be there. */
  bytes(): Buffer;
  requests(): number;
  behave(behaviour: ReceiverBehaviour): void;
  until(condition: (events: readonly SentryEventPayload[]) => boolean, timeoutMs?: number): Promise<void>;
  clear(): void;
  close(): Promise<void>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseLine = (line: string): Record<string, unknown> => {
  const parsed: unknown = JSON.parse(line);
  if (!isRecord(parsed)) throw new Error(`An envelope's header is a JSON object, not ${line.slice(0, 80)}`);
  return parsed;
};

const parsePayload = (payload: string): unknown => {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return payload;
  }
};

/** Takes an envelope apart: a header line, then for each item a header line and a payload of stated length or one line. */
export const parseEnvelope = (body: Buffer): SentryEnvelope => {
  let at = 0;
  const line = (): string => {
    const end = body.indexOf(0x0a, at);
    const text = body.subarray(at, end === -1 ? body.length : end).toString('utf8');
    at = end === -1 ? body.length : end + 1;
    return text;
  };
  const header = parseLine(line());
  const items: SentryItem[] = [];
  while (at < body.length) {
    const headerLine = line();
    if (headerLine === '') continue;
    const item = parseLine(headerLine);
    const length = item['length'];
    let payload: string;
    if (typeof length === 'number') {
      payload = body.subarray(at, at + length).toString('utf8');
      at += length + 1;
    } else {
      payload = line();
    }
    items.push({ type: String(item['type']), header: item, payload: parsePayload(payload) });
  }
  return { header, items };
};

export const startSentryReceiver = async (
  options: { readonly port?: number } = {},
): Promise<SentryReceiver> => {
  let envelopes: SentryEnvelope[] = [];
  let bodies: Buffer[] = [];
  const server = await startReceiverServer({
    port: options.port ?? 0,
    path: /^\/api\/\d+\/envelope\/(?:\?|$)/,
    receive(body) {
      bodies.push(body);
      envelopes.push(parseEnvelope(body));
    },
    answer: { type: 'application/json', body: '{}' },
  });
  const events = (): readonly SentryEventPayload[] =>
    envelopes.flatMap(({ items }) =>
      items.flatMap(({ type, payload }) => (type === 'event' && isRecord(payload) ? [payload] : [])),
    );
  return {
    dsn: `http://publickey@127.0.0.1:${server.port}/1`,
    port: server.port,
    envelopes: () => envelopes,
    events,
    bytes: () => Buffer.concat(bodies),
    requests: () => server.requests(),
    behave: (behaviour) => server.behave(behaviour),
    until: (condition, timeoutMs = 10_000) =>
      server.until(
        () => condition(events()),
        () => `${events().length} events in ${envelopes.length} envelopes`,
        timeoutMs,
      ),
    clear() {
      envelopes = [];
      bodies = [];
    },
    close: () => server.close(),
  };
};
