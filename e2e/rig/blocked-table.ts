import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@dawsos/database';

export interface BlockedTable {
  /** Resolves once somebody waits for the table: a run is held in the midst of its work. */
  untilSomebodyWaits(timeoutMs?: number): Promise<void>;
  release(): Promise<void>;
}

const WAITING = `select 1 from pg_locks where not granted and relation = $1::regclass limit 1`;

/** Holds a table so that whoever reads or writes it waits. */
export async function blockTable(url: string, table: string): Promise<BlockedTable> {
  const database = openDatabase({
    url,
    maxConnections: 2,
    applicationName: 'e2e-blocker',
    statementTimeoutMs: 120_000,
  });
  const holder = await database.pool.connect();
  await holder.query('begin');
  await holder.query(`lock table ${table} in access exclusive mode`);
  return {
    async untilSomebodyWaits(timeoutMs = 30_000) {
      const deadline = Date.now() + timeoutMs;
      while ((await database.pool.query(WAITING, [table])).rowCount === 0) {
        if (Date.now() > deadline) throw new Error(`nobody came to wait for ${table}`);
        await delay(10);
      }
    },
    async release() {
      await holder.query('rollback');
      holder.release();
      await database.close();
    },
  };
}
