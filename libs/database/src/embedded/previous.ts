import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DawsosError } from '@dawsos/contracts';

const STOP_DEADLINE_MS = 20_000;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The process that started the server: while it lives, the folder is its own. */
export interface Owner {
  readonly pid: number;
  readonly startedAt: string | null;
}

/** When a process started, so that a reused pid is not taken for it; null where the system does not say. */
export async function startOf(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value)) return undefined;
    const startedAt = 'startedAt' in value && typeof value.startedAt === 'string' ? value.startedAt : null;
    return typeof value.pid === 'number' ? { pid: value.pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

/** @throws DawsosError `store_unavailable` when a living process of ours serves this folder */
export async function ensureNotOwned(ownerFile: string): Promise<void> {
  const owner = await readOwner(ownerFile);
  if (owner === undefined || owner.pid === process.pid || !isAlive(owner.pid)) return;
  if (owner.startedAt !== null && owner.startedAt !== (await startOf(owner.pid))) return;
  throw new DawsosError(
    'store_unavailable',
    `The embedded database of this folder is in use by process ${owner.pid}; stop that one first, or use another data folder.`,
  );
}

/**
 * A server that outlived its owner (kill -9) is stopped, for the next one to start from a known state; a
 * postmaster.pid without its server is removed, since its pid may by now be another's.
 */
export async function settlePrevious(clusterDir: string): Promise<void> {
  const pidFile = join(clusterDir, 'postmaster.pid');
  const pid = Number.parseInt((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0] ?? '', 10);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (!(await isServerOf(pid, clusterDir))) {
    await rm(pidFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  await gone(pid, STOP_DEADLINE_MS);
}

async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes(clusterDir);
  } catch {
    return true;
  }
}

async function gone(pid: number, deadlineMs: number): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      throw new DawsosError('store_unavailable', `A former database server (process ${pid}) does not stop.`);
    }
    await delay(20);
  }
}
