import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '@dawsos/service';
import { z } from 'zod';
import { CliError } from './cli-error';
import type { Places } from './places';
import { isSameProcess } from './supervisor/process-identity';

const InstanceSchema = z.object({
  pid: z.int(),
  /** When the process started, as the system words it: a number alone is used again. */
  process_started: z.string(),
  started_at: z.iso.datetime(),
  api_url: z.url(),
  database_url: z.string(),
  queue_engine: z.enum(['redis', 'postgres']),
  redis_url: z.string().nullable(),
  /** The ledger as it was named: `example`, or its path. */
  ledger: z.string(),
  /** Every variable that its services were started with, secrets left out. */
  settings: z.record(z.string(), z.string()),
  /** The names of the secrets that are set. */
  secrets: z.array(z.string()),
  processes: z.array(z.object({ name: z.string(), operations_url: z.url(), log: z.string() })),
});
/** What a running `dawsos up` tells the other commands. */
export type Instance = z.infer<typeof InstanceSchema>;

const fileIn = (data: string) => join(data, 'instance.json');

/** The instance that serves from this data folder; undefined when none does. */
export function readInstance(data: string): Instance | undefined {
  const last = lastInstance(data);
  if (last === undefined) return undefined;
  return isSameProcess({ pid: last.pid, started: last.process_started }) ? last : undefined;
}

/** The same where it may have been killed since. */
export function lastInstance(data: string): Instance | undefined {
  try {
    const parsed = InstanceSchema.safeParse(JSON.parse(readFileSync(fileIn(data), 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The instance that the other commands work on: that of the data folder that was named, else the one that serves
 * from this project.
 * @throws CliError when there are several, and none is named
 */
export function findInstance({ data, isNamed, booksFolder }: Places): Instance | undefined {
  if (isNamed) return readInstance(data);
  const folders = [data, ...foldersIn(booksFolder)];
  const serving = folders.flatMap((folder) => {
    const instance = readInstance(folder);
    return instance === undefined ? [] : [{ folder, instance }];
  });
  if (serving.length < 2) return serving[0]?.instance;
  throw new CliError('several dawsos run here, and none is named', EXIT.usage, {
    cause: serving.map(({ folder, instance }) => `--data ${folder} (${instance.ledger})`).join('\n'),
    fix: 'name one of them with --data, as above',
  });
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The file holds the database's address and password: readable by its owner only. */
export function writeInstance(data: string, instance: Instance): void {
  const draft = `${fileIn(data)}.new`;
  writeFileSync(draft, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(data));
}

export function removeInstance(data: string): void {
  rmSync(fileIn(data), { force: true });
}
