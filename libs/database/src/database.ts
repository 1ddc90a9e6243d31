import { createSilenceGuardedSocket } from '@dawsos/resilience';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import type { Schema } from './schema';

export interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections: number;
  /** Shows in pg_stat_activity. */
  readonly applicationName: string;
  /** Milliseconds to get a connection, from the pool or the server. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that the server may work on one statement. */
  readonly statementTimeoutMs?: number;
}

export interface Database {
  readonly kysely: Kysely<Schema>;
  /** The same connections, for hot prepared statements and LISTEN. */
  readonly pool: Pool;
  readonly url: string;
  /** Ends all connections; queries in flight finish first. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 10_000;
/** Beyond what the server may take to answer, or a connection may idle: the peer is gone. */
const SILENCE_GRACE_MS = 5_000;

/**
 * A pool on one PostgreSQL database. It connects on first use, so a database that is down is an error of the
 * first query. Every wait is bounded: for a connection, for a statement, and for a peer that went silent
 * (a half-open connection gives no error by itself; docs/queue.md).
 */
export function openDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const idleTimeoutMs = Math.min(IDLE_TIMEOUT_MS, statementTimeoutMs);
  const silenceMs = statementTimeoutMs + SILENCE_GRACE_MS;
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
    keepAlive: true,
    stream: () => createSilenceGuardedSocket('the database', silenceMs),
  });
  // an idle connection that the server cut is dropped from the pool; without a listener it would end the process
  pool.on('error', () => undefined);
  // one that is in use tells its query, and emits the error as well, with the pool's listener taken off
  pool.on('connect', (client) => client.on('error', () => undefined));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return { kysely, pool, url: options.url, close: () => (closing ??= pool.end()) };
}
