import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const InstanceSchema = z.object({
  pid: z.int(),
  started_at: z.iso.datetime(),
  api_url: z.url(),
  database_url: z.string(),
  queue_engine: z.enum(['redis', 'postgres']),
  redis_url: z.string().nullable(),
  ledger_repo: z.string(),
  processes: z.array(z.object({ name: z.string(), operations_url: z.url(), log: z.string() })),
});
/** What a running `dawsos up` tells the other commands. */
export type Instance = z.infer<typeof InstanceSchema>;

const fileIn = (data: string) => join(data, 'instance.json');

/** The instance that serves from this data folder; undefined when none does. */
export function readInstance(data: string): Instance | undefined {
  let text: string;
  try {
    text = readFileSync(fileIn(data), 'utf8');
  } catch {
    return undefined;
  }
  const parsed = InstanceSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
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
