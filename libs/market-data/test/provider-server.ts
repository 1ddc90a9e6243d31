import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** As JSON; text goes as it is. */
  readonly body?: unknown;
  /** Never answers. */
  readonly hangs?: boolean;
}

/** A stand-in for a provider: gives the answers it was told to, the last one for good, and notes what was asked. */
export interface ProviderServer {
  readonly url: string;
  readonly requests: readonly { readonly url: URL; readonly headers: IncomingMessage['headers'] }[];
  /** Requests whose asker went before it had its answer. */
  readonly aborted: () => number;
  answers(...answers: readonly Answer[]): void;
  close(): Promise<void>;
}

export async function startProviderServer(): Promise<ProviderServer> {
  const requests: { url: URL; headers: IncomingMessage['headers'] }[] = [];
  let queue: Answer[] = [];
  let aborted = 0;
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) aborted += 1;
    });
    requests.push({ url: new URL(request.url ?? '', 'http://provider'), headers: request.headers });
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (answer !== undefined && answer.hangs !== true) send(response, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    aborted: () => aborted,
    answers: (...answers) => void (queue = [...answers]),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function send(response: ServerResponse, { status = 200, headers = {}, body = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
