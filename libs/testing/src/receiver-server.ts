import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, inflateSync } from 'node:zlib';

/** How a receiver treats what it gets: takes it, answers 500, or reads and never answers. */
export type ReceiverBehaviour = 'accept' | 'fail' | 'hang';

export interface ReceiverServer {
  readonly port: number;
  /** Requests that arrived, accepted or not. */
  requests(): number;
  behave(behaviour: ReceiverBehaviour): void;
  /** Resolves once `condition` holds; it is asked after each request. Rejects, saying what was seen, when too late. */
  until(condition: () => boolean, describe: () => string, timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const encoding = request.headers['content-encoding'];
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'deflate' ? inflateSync(body) : body;
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** A real HTTP server that takes compressed bodies, with the faults that a test asks for. */
export const startReceiverServer = async (options: {
  readonly port: number;
  readonly path: RegExp;
  /** Takes one body; what it throws is answered with 400. */
  receive(body: Buffer, request: IncomingMessage): void;
  readonly answer: { readonly type: string; readonly body: string | Buffer };
}): Promise<ReceiverServer> => {
  let behaviour: ReceiverBehaviour = 'accept';
  let requests = 0;
  const watchers = new Set<() => void>();

  const server = createServer((request, response) => {
    void readBody(request)
      .then((body) => {
        requests += 1;
        if (behaviour === 'hang') return;
        if (behaviour === 'fail') {
          response.writeHead(500).end();
        } else if (request.method !== 'POST' || !options.path.test(request.url ?? '')) {
          response.writeHead(404).end();
        } else {
          options.receive(body, request);
          response.writeHead(200, { 'content-type': options.answer.type }).end(options.answer.body);
        }
      })
      .catch((error: unknown) => response.writeHead(400).end(String(error)))
      .finally(() => watchers.forEach((watch) => watch()));
  });
  const port = await listen(server, options.port);

  return {
    port,
    requests: () => requests,
    behave(next) {
      behaviour = next;
    },
    until: (condition, describe, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          if (!condition()) return;
          clearTimeout(timer);
          watchers.delete(settle);
          resolve();
        };
        const timer = setTimeout(() => {
          watchers.delete(settle);
          reject(new Error(`Not received within ${timeoutMs} ms. ${describe()}`));
        }, timeoutMs);
        watchers.add(settle);
        settle();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
