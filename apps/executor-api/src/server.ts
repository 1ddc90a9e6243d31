import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DawsosError } from '@dawsos/contracts';
import type { Express } from 'express';

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  /** Takes no new connections, lets what is in flight finish, and closes idle connections. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
/** For a whole request to arrive; how long an answer takes is not bounded by it. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than load balancers keep theirs, so that it is never we who close first. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const CLOSE_IDLE_EVERY_MS = 50;

/** @throws DawsosError `invalid_configuration` when the address cannot be had */
export async function listen(application: Express, host: string, port: number): Promise<RunningServer> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: 16_384,
    },
    application,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(host, port, cause)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    port: address.port,
    url: `http://${name}:${String(address.port)}`,
    close: () => closeServer(server),
  };
}

function cannotListen(host: string, port: number, cause: Error): DawsosError {
  const reason = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return new DawsosError(
    'invalid_configuration',
    `HOST and PORT: cannot listen on ${host}, port ${String(port)} (${reason}). Take another, or PORT=0 for a free one.`,
    { cause },
  );
}

/** A connection whose answer ends only now would be kept alive, and hold up the close, so idle ones are looked for. */
async function closeServer(server: Server): Promise<void> {
  const closing = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  try {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  } finally {
    clearInterval(closing);
  }
}
