import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DawsosError } from '@dawsos/contracts';

const WAIT_MS = 10;
const LONGEST_WAIT_MS = 15_000;

/**
 * Runs `change` while no other process changes `file`: each reads what the one before has written. The lock is a file
 * beside it that holds its owner's process id; of an owner that is dead it is taken over.
 * @throws DawsosError `invalid_configuration` when it cannot be had
 */
export function locked<T>(file: string, change: () => T): T {
  const lock = `${file}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  const owner = `${String(process.pid)} ${randomBytes(8).toString('hex')}`;
  const until = Date.now() + LONGEST_WAIT_MS;
  while (!take(lock, owner)) {
    if (Date.now() > until) {
      throw new DawsosError(
        'invalid_configuration',
        `${lock} is held by another process. Wait for it, or remove the file when there is none.`,
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
  try {
    return change();
  } finally {
    if (ownerOf(lock) === owner) rmSync(lock, { force: true });
  }
}

function take(lock: string, owner: string): boolean {
  try {
    writeFileSync(lock, owner, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const holder = ownerOf(lock);
  if (holder !== undefined && holder !== '' && !isAlive(Number(holder.split(' ', 1)[0])))
    remove(lock, holder);
  return false;
}

/** Moved away first, so that of two who find it dead one alone removes it; a live one that came between is put back. */
function remove(lock: string, dead: string): void {
  const away = `${lock}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(lock, away);
    if (ownerOf(away) !== dead) linkSync(away, lock);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(away, { force: true });
  }
}

function ownerOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
