import { createSilenceGuardedSocket } from '@dawsos/resilience';
import { Client, type ClientConfig } from 'pg';

/** Longer than the server may work on a statement. */
const SILENCE_MS = 15_000;

/**
 * A client whose connection ends with an error when an answer is owed and nothing came or went for 15 s. A peer that
 * vanished without a word gives no error by itself, and a worker that waits for its answer would wait for ever.
 * While nothing is owed it may be silent: a LISTEN hears nothing for hours.
 */
export class SilenceGuardedClient extends Client {
  constructor(config?: string | ClientConfig) {
    const socket = createSilenceGuardedSocket('the database');
    super({
      ...(typeof config === 'string' ? { connectionString: config } : config),
      stream: () => socket,
    });
    // over TLS too: a wrapped socket's activity is counted as the inner one's
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    this.query = ((...args: unknown[]) => {
      socket.setTimeout(SILENCE_MS);
      return query(...args);
    }) as Client['query'];
    this.on('drain', () => socket.setTimeout(0));
  }
}
