import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isSameProcess, type ProcessIdentity } from './process-identity';

const ChildrenSchema = z.array(z.object({ pid: z.int(), started: z.string() }));
const fileIn = (data: string) => join(data, 'children.json');

/** Notes which processes belong to this data folder, for the case that the supervisor is killed. */
export function noteChildren(data: string, children: readonly ProcessIdentity[]): void {
  writeFileSync(fileIn(data), JSON.stringify(children));
}

export function forgetChildren(data: string): void {
  rmSync(fileIn(data), { force: true });
}

/** Stops what a killed supervisor left running; resolves with how many there were. */
export async function stopLeftovers(data: string, graceMs: number): Promise<number> {
  const left = readChildren(data).filter(isSameProcess);
  for (const child of left) signal(child, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  for (const child of left) {
    while (isSameProcess(child)) {
      if (Date.now() > deadline) signal(child, 'SIGKILL');
      await delay(25);
    }
  }
  forgetChildren(data);
  return left.length;
}

function readChildren(data: string): readonly ProcessIdentity[] {
  try {
    return ChildrenSchema.parse(JSON.parse(readFileSync(fileIn(data), 'utf8')));
  } catch {
    return [];
  }
}

function signal(child: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(child.pid, name);
  } catch {
    // It ended in between.
  }
}
