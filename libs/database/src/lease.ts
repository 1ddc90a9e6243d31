import { randomUUID } from 'node:crypto';
import type { Database } from './database';
import { withStore } from './unavailable';

/** The right to do what one process alone does at a time; judged by the database's clock. */
export interface Lease {
  /** Takes the lease where it is free or has run out, and renews it where it is ours: whether it is ours now. */
  hold(): Promise<boolean>;
  /** Gives it back, so that another process takes it at its next look. Does nothing where it is not ours. */
  release(): Promise<void>;
}

const LASTS_MS = 3_000;

/** $1 name, $2 holder, $3 milliseconds. Where another holds it, nothing is written and no row is locked. */
const HOLD = `
  insert into lease (name, holder, expires_at)
  select $1, $2, clock_timestamp() + $3 * interval '1 millisecond'
  where not exists (select from lease where name = $1 and holder <> $2 and expires_at > clock_timestamp())
  on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where lease.holder = excluded.holder or lease.expires_at <= clock_timestamp()`;

const RELEASE = `update lease set expires_at = clock_timestamp() where name = $1 and holder = $2`;

/**
 * A lease rather than a lock of a session: a process that is stopped, or cut off without a word, keeps its session and
 * would keep the lock. Two holders for a moment do no harm to what is done under it.
 */
export function createLease({ pool }: Pick<Database, 'pool'>, name: string, lastsMs = LASTS_MS): Lease {
  const holder = randomUUID();
  let renewAt = -Infinity;
  return {
    async hold() {
      if (performance.now() < renewAt) return true;
      const asked = performance.now();
      const { rowCount } = await withStore(() => pool.query(HOLD, [name, holder, lastsMs]));
      renewAt = rowCount === 1 ? asked + lastsMs / 3 : -Infinity;
      return rowCount === 1;
    },
    async release() {
      if (renewAt === -Infinity) return;
      renewAt = -Infinity;
      await withStore(() => pool.query(RELEASE, [name, holder]));
    },
  };
}
