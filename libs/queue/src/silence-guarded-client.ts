import { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';

/** Longer than a statement may take, and than a pool keeps an idle connection (pg's 10 s). */
const SILENCE_MS = 15_000;

/**
 * A client whose connection ends with an error when nothing came or went for 15 s. A peer that vanished without a
 * word gives no error by itself, and a worker that waits for its answer would wait for ever.
 */
export class SilenceGuardedClient extends Client {
  constructor(config?: string | ClientConfig) {
    super({ ...(typeof config === 'string' ? { connectionString: config } : config), stream: guardedSocket });
  }
}

function guardedSocket(): Socket {
  const socket = new Socket();
  socket.setTimeout(SILENCE_MS, () => {
    socket.destroy(Object.assign(new Error('the database went silent'), { code: 'ETIMEDOUT' }));
  });
  return socket;
}
