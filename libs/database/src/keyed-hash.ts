import { createHash } from 'node:crypto';
import type { Database } from './database';

/** The hash under this database's secret of what only equality is asked of: an idempotency key of a principal. */
export type KeyedHash = (principalId: string, key: string) => Promise<string>;

const SECRET = `select value from store_secret where name = 'idempotency'`;

/**
 * The secret is read once, when it is first needed. Without it a hash says nothing: a key that is short or well known,
 * such as an account number, could be guessed from a plain one.
 */
export function createKeyedHash({ pool }: Pick<Database, 'pool'>): KeyedHash {
  let secret: Promise<Buffer> | undefined;
  const read = async (): Promise<Buffer> => {
    const { rows } = await pool.query<{ value: Buffer }>(SECRET);
    const [row] = rows;
    if (row === undefined) throw new Error('the secret of the idempotency keys is not in the database');
    return row.value;
  };
  return async (principalId, key) => {
    const reading = (secret ??= read());
    reading.catch(() => (secret = undefined));
    const value = await reading;
    const digest = (...parts: readonly (string | Buffer)[]): Buffer =>
      parts.reduce((hash, part) => hash.update(part), createHash('sha256').update(value)).digest();
    return digest(digest(`${principalId}\n${key}`)).toString('hex');
  };
}
