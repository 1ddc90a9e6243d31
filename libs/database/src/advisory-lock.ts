import type { PoolClient } from 'pg';
import type { Database } from './database';
import { withStore } from './unavailable';

/** Held by this process alone; it goes with its connection, so a dead process holds nothing. */
export interface AdvisoryLock {
  /** Aborts when the connection is lost, and the lock with it. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** The first half of the lock's key: ours, among whatever else uses such locks in this database. */
const LOCK_CLASS = 0x0da5;
/** Under the time after which a silent connection is taken for dead. */
const STILL_HERE_MS = 4_000;

/**
 * Takes the lock of a name, on a connection of its own; undefined while another has it. Not through a pooler that
 * shares a server's connection between clients.
 * @throws DawsosError `store_unavailable`
 */
export async function takeAdvisoryLock(
  { pool }: Pick<Database, 'pool'>,
  name: string,
): Promise<AdvisoryLock | undefined> {
  return withStore(async () => {
    const client = await pool.connect();
    try {
      const { rows } = await client.query<{ taken: boolean }>(
        'select pg_try_advisory_lock($1, hashtext($2)) as taken',
        [LOCK_CLASS, name],
      );
      if (rows[0]?.taken === true) return hold(client, name);
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.release();
    return undefined;
  });
}

function hold(client: PoolClient, name: string): AdvisoryLock {
  const lost = new AbortController();
  const lose = (): void => lost.abort();
  client.on('error', lose);
  const stillHere = setInterval(() => {
    client.query('select').catch(lose);
  }, STILL_HERE_MS);
  stillHere.unref();
  return {
    lost: lost.signal,
    release: async () => {
      clearInterval(stillHere);
      let broken = lost.signal.aborted;
      try {
        if (!broken) await client.query('select pg_advisory_unlock($1, hashtext($2))', [LOCK_CLASS, name]);
      } catch {
        // the connection's end is the lock's end
        broken = true;
      }
      client.off('error', lose);
      client.release(broken);
    },
  };
}
