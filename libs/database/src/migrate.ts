import { DawsosError } from '@dawsos/contracts';
import { Migrator } from 'kysely/migration';
import type { Database } from './database';
import { MIGRATIONS } from './migrations';
import { withStore } from './unavailable';

function migratorOf(database: Database): Migrator {
  return new Migrator({
    db: database.kysely,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  });
}

/**
 * Brings the schema to the newest version. Processes that start together wait for one another on an advisory
 * lock; all of it is one transaction, so a migration that fails leaves nothing behind.
 * @returns the names of the migrations that were run
 * @throws DawsosError `store_unavailable`
 */
export async function migrateToLatest(database: Database): Promise<readonly string[]> {
  return withStore(async () => {
    const { error, results } = await migratorOf(database).migrateToLatest();
    if (error !== undefined) throw asError(error);
    return (results ?? []).map((result) => result.migrationName);
  });
}

/** The names of the migrations that the database lacks. */
export async function pendingMigrations(database: Database): Promise<readonly string[]> {
  return withStore(async () => {
    const known = await migratorOf(database).getMigrations();
    return known.filter((migration) => migration.executedAt === undefined).map(({ name }) => name);
  });
}

function asError(error: unknown): Error {
  return error instanceof Error
    ? error
    : new DawsosError('internal_error', 'a migration failed', { cause: error });
}

/**
 * For services, which never migrate by themselves.
 * @throws DawsosError `store_unavailable` naming the migrations that the database lacks
 */
export async function requireMigrated(database: Database): Promise<void> {
  const pending = await pendingMigrations(database);
  if (pending.length === 0) return;
  throw new DawsosError(
    'store_unavailable',
    `The database lacks ${pending.length} migrations (${pending.join(', ')}); run "dawsos db migrate".`,
  );
}
