import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '@dawsos/service';
import { z } from 'zod';
import { CliError } from '../cli-error';
import { identifyProcess, isSameProcess, type ProcessIdentity } from './process-identity';

export interface DataLock {
  release(): void;
}

const HolderSchema = z.object({ pid: z.int(), started: z.string() });

/**
 * Claims the data folder for this process; what a killed process left is cleared away.
 * @throws CliError when a running process holds it
 */
export function lockDataFolder(data: string): DataLock {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const file = join(data, 'lock');
  const own = identifyProcess(process.pid);
  if (own === undefined) throw new Error('this process has no start time');
  const draft = join(data, `lock.${String(own.pid)}`);
  writeFileSync(draft, JSON.stringify(own));
  try {
    while (!claim(draft, file)) clearStale(file, data);
  } finally {
    rmSync(draft, { force: true });
  }
  return { release: () => rmSync(file, { force: true }) };
}

/** A link is made whole or not at all, and never over another: the file is never seen half written. */
function claim(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

function clearStale(file: string, data: string): void {
  const holder = readHolder(file);
  if (holder !== undefined && isSameProcess(holder)) {
    throw new CliError(`another dawsos (process ${String(holder.pid)}) serves from ${data}`, EXIT.tryLater, {
      fix: 'use it as it is, stop it with Ctrl-C first, or name another folder with --data DIR',
    });
  }
  const aside = `${file}.stale.${String(process.pid)}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  // Somebody else cleared the stale lock and claimed the folder in between: theirs goes back.
  if (moved !== undefined && isSameProcess(moved)) claim(aside, file);
  rmSync(aside, { force: true });
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    const parsed = HolderSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
