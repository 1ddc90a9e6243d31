import { Client } from 'pg';
import type { Database } from './database';

export interface ListenerOptions {
  readonly channels: readonly string[];
  onNotification(channel: string, payload: string): void;
  /** A connection was made or made again: what was sent in between is lost, so look for yourself. */
  onConnected?(): void;
}

export interface Listener {
  /** False while there is no connection: notifications are lost meanwhile. */
  connected(): boolean;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 500;

/**
 * One connection that LISTENs, made anew whenever it is lost or answers no heartbeat. Notifications are hints:
 * whoever waits for them also looks into the tables from time to time.
 */
export function openListener(database: Pick<Database, 'url'>, options: ListenerOptions): Listener {
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let connected = false;
  let closed = false;

  const later = (work: () => Promise<void>, milliseconds: number) => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(() => void work(), milliseconds).unref();
  };

  const lost = (which: Client) => {
    if (which !== client) return;
    client = undefined;
    connected = false;
    void which.end().catch(() => undefined);
    later(connect, RECONNECT_MS);
  };

  async function connect(): Promise<void> {
    const next = new Client({
      connectionString: database.url,
      application_name: 'dawsos-listener',
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    client = next;
    next.on('error', () => lost(next));
    next.on('end', () => lost(next));
    next.on('notification', ({ channel, payload }) => options.onNotification(channel, payload ?? ''));
    try {
      await next.connect();
      for (const channel of options.channels) await next.query(`listen ${next.escapeIdentifier(channel)}`);
      connected = true;
      options.onConnected?.();
      later(heartbeat, HEARTBEAT_MS);
    } catch {
      lost(next);
    }
  }

  async function heartbeat(): Promise<void> {
    const current = client;
    if (current === undefined) return;
    try {
      await current.query('select 1');
      later(heartbeat, HEARTBEAT_MS);
    } catch {
      lost(current);
    }
  }

  const first = connect();
  return {
    connected: () => connected,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await first;
      const current = client;
      client = undefined;
      connected = false;
      await current?.end().catch(() => undefined);
    },
  };
}
