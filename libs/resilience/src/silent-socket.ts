import { Socket } from 'node:net';

/**
 * A socket that ends with an error when nothing came or went for as long as `setTimeout` says: a peer that vanished
 * without a word gives no error by itself. Given to a client that makes its connection on it.
 */
export function createSilenceGuardedSocket(what: string, silenceMs?: number): Socket {
  const socket = new Socket();
  socket.on('timeout', () => {
    socket.destroy(Object.assign(new Error(`${what} went silent`), { code: 'ETIMEDOUT' }));
  });
  if (silenceMs !== undefined) socket.setTimeout(silenceMs);
  return socket;
}
