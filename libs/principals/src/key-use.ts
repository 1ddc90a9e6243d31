import { withStore, type Database } from '@dawsos/database';

/** When each key was last used. */
export interface KeyUse {
  note(keyId: string): void;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface KeyUseOptions {
  readonly database: Pick<Database, 'pool'>;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
  readonly everyMs?: number;
}

/** To the nearest minute is enough to tell a key that is used from one that can go. */
const EVERY_MS = 30_000;

const SAVE = `
  insert into api_key_use (key_id, last_used_at) select * from unnest($1::text[], $2::timestamptz[])
  on conflict (key_id) do update set last_used_at = greatest(api_key_use.last_used_at, excluded.last_used_at)`;

/** Notes the uses in memory and writes them together, so that a request costs nothing more. */
export function createKeyUse({ database, now, onError, everyMs = EVERY_MS }: KeyUseOptions): KeyUse {
  const used = new Map<string, Date>();
  const flush = async (): Promise<void> => {
    const uses = [...used];
    used.clear();
    if (uses.length === 0) return;
    const values = [uses.map(([keyId]) => keyId), uses.map(([, at]) => at)];
    await withStore(() => database.pool.query(SAVE, values));
  };
  const flushQuietly = (): Promise<void> => flush().catch(onError);
  const timer = setInterval(() => void flushQuietly(), everyMs).unref();
  return {
    note: (keyId) => void used.set(keyId, now()),
    flush,
    close: async () => {
      clearInterval(timer);
      await flushQuietly();
    },
  };
}

/** By key id; a key that is not in it was never used. @throws DawsosError `store_unavailable` */
export async function readKeyUse({ pool }: Pick<Database, 'pool'>): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await withStore(() =>
    pool.query<{ key_id: string; last_used_at: Date }>('select key_id, last_used_at from api_key_use'),
  );
  return new Map(rows.map((row) => [row.key_id, row.last_used_at]));
}
