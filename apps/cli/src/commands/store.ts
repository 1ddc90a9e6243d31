import type { Database } from '@dawsos/database';
import { EXIT } from '@dawsos/service';
import { CliError } from '../cli-error';
import { instanceOf, type CliContext, type GlobalOptions } from '../context';

/** Runs `use` on the database of DATABASE_URL, or of the instance that serves from the data folder. */
export async function withDatabase<T>(
  context: CliContext,
  options: GlobalOptions,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const url = databaseUrlOf(context, options);
  const { openDatabase } = await import('@dawsos/database');
  const database = openDatabase({ url, maxConnections: 4, applicationName: 'dawsos-cli' });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

function databaseUrlOf(context: CliContext, options: GlobalOptions): string {
  const url = context.environment['DATABASE_URL'] ?? instanceOf(context, options)?.database_url;
  if (url !== undefined && url !== '') return url;
  throw new CliError('there is no database to work on', EXIT.unavailable, {
    fix: 'start the embedded one with "dawsos up" in another terminal, or set DATABASE_URL',
  });
}
