import { connect, type Socket } from 'node:net';

export interface Load {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly path: string;
  /** A JSON document, the same for every request. */
  readonly body: string;
  /** Connections, each with one request under way. */
  readonly clients: number;
  readonly seconds: number;
  /** The status that counts; any other ends the measurement. */
  readonly status: number;
}

const HEAD_END = '\r\n\r\n';

/**
 * Answers a second. It writes to sockets itself: an HTTP client would take as much of the processor as the server that
 * is measured.
 * @throws Error on an answer of another status, or without a content-length
 */
export async function answersPerSecond(load: Load): Promise<number> {
  const request =
    `POST ${load.path} HTTP/1.1\r\nhost: 127.0.0.1:${load.port}\r\ncontent-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(load.body)}\r\n\r\n${load.body}`;
  const started = performance.now();
  const until = started + load.seconds * 1000;
  const counts = await Promise.all(
    Array.from({ length: load.clients }, () => client(load, Buffer.from(request), until)),
  );
  return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - started) / 1000);
}

/** One connection's answers until the time is up. */
function client({ port, status }: Load, request: Buffer, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let pending = '';
    let answers = 0;
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`the server on port ${port} closed a connection`)));
    socket.once('connect', () => socket.write(request));
    socket.on('data', (chunk: string) => {
      pending += chunk;
      const length = answerLength(pending);
      if (length === undefined || pending.length < length) return;
      if (!pending.startsWith(`HTTP/1.1 ${status} `)) {
        reject(new Error(`an answer that was not expected: ${pending.slice(0, 1000)}`));
        socket.destroy();
        return;
      }
      pending = pending.slice(length);
      answers += 1;
      if (performance.now() < until) socket.write(request);
      else {
        resolve(answers);
        socket.destroy();
      }
    });
  });
}

/** The length of the head and the body together; undefined while the head is not complete. */
function answerLength(text: string): number | undefined {
  const head = text.indexOf(HEAD_END);
  if (head < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  if (length === undefined) throw new Error(`an answer without a content-length: ${text.slice(0, head)}`);
  return head + HEAD_END.length + Number(length);
}
