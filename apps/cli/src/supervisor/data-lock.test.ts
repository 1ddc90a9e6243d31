import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder } from './data-lock';
import { identifyProcess } from './process-identity';

describe('the lock of the data folder', () => {
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'dawsos-data-'));
  });
  afterEach(() => {
    rmSync(data, { recursive: true });
  });
  const holdAs = (holder: unknown) => {
    writeFileSync(join(data, 'lock'), typeof holder === 'string' ? holder : JSON.stringify(holder));
  };

  it('is free again after its release and leaves nothing behind', () => {
    lockDataFolder(data).release();
    lockDataFolder(data).release();
    expect(readdirSync(data)).toEqual([]);
  });

  it('is refused while a running process holds it, naming the process', () => {
    holdAs(identifyProcess(process.ppid));
    expect(() => lockDataFolder(data)).toThrow(
      `another dawsos (process ${String(process.ppid)}) serves from`,
    );
    expect(existsSync(join(data, 'lock'))).toBe(true);
  });

  it('is taken over from a process that is gone', () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    holdAs({ pid: gone, started: '1' });
    lockDataFolder(data).release();
    expect(readdirSync(data)).toEqual([]);
  });

  it('is taken over when another process has the number by now', () => {
    holdAs({ pid: process.ppid, started: 'long ago' });
    lockDataFolder(data).release();
  });

  it('is taken over from a file that was cut off', () => {
    holdAs('{"pid":');
    lockDataFolder(data).release();
  });
});
