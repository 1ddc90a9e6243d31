import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES, type VariableName } from '@dawsos/configuration';
import type { Books } from '../books/books';
import type { Environment } from '../context';
import type { QueueInUse } from './queue-engine';

/** What the services of an instance are told: its books, its stores, and what else the user set. */
export function serviceEnvironment(from: {
  readonly root: string;
  readonly environment: Environment;
  readonly databaseUrl: string;
  readonly queue: QueueInUse;
  readonly books: Books;
  readonly apiPort: number;
}): Environment {
  const { root, environment, queue, books } = from;
  const set = (name: string, otherwise: string) => environment[name] || otherwise;
  return {
    ...environment,
    DATABASE_URL: from.databaseUrl,
    QUEUE_ENGINE: queue.engine,
    ...(queue.url === null ? {} : { REDIS_URL: queue.url }),
    LEDGER_REPO: books.repo,
    LEDGER_FILE: books.place.file,
    LEDGER_REF: books.ref,
    PRICES_DIR: books.pricesDir,
    SOURCES_DIR: books.sourcesDir,
    // Otherwise the day that it is, also tomorrow.
    TODAY: books.todayFrom === 'clock' ? undefined : books.today,
    PATTERNS_DIR: set('PATTERNS_DIR', join(root, 'patterns')),
    RIGHTS_REGISTRY: set('RIGHTS_REGISTRY', join(root, 'rights', 'registry.yaml')),
    HOST: set('HOST', '127.0.0.1'),
    PORT: String(from.apiPort),
  };
}

/** The variables of an instance as its file keeps them: each that is set, secrets by their names alone. */
export function settingsOf(environment: Environment): {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
} {
  const names = (Object.keys(VARIABLES) as VariableName[]).filter(
    (name) => Boolean(environment[name]) || Boolean(environment[`${name}_FILE`]),
  );
  const plain = names.filter((name) => !VARIABLES[name].secret);
  return {
    settings: Object.fromEntries(plain.map((name) => [name, environment[name] ?? ''])),
    secrets: names.filter((name) => VARIABLES[name].secret),
  };
}

/** As `node --env-file` reads it; it holds secrets, so it is its owner's alone. @returns its path */
export function writeEnvironment(data: string, environment: Environment): string {
  const file = join(data, 'service.env');
  const lines = (Object.keys(VARIABLES) as VariableName[])
    .flatMap((name) => [name, `${name}_FILE`])
    .flatMap((name) => (environment[name] ? [`${name}=${JSON.stringify(environment[name])}`] : []));
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
