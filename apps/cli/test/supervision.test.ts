import { mkdtemp, readFile, rm, watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteChildren, stopLeftovers } from '../src/supervisor/leftovers';
import { startProcess, type ExitReason, type ManagedProcess } from '../src/supervisor/managed-process';
import { isSameProcess } from '../src/supervisor/process-identity';
import { startPrivateRedis } from '../src/supervisor/queue-engine';
import { freePort } from '@dawsos/resilience';

const FIXTURE = join(__dirname, 'fixtures', 'crashing.cjs');

describe('processes under supervision', () => {
  let folder: string;
  const started: ManagedProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dawsos-supervision-'));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => child.stop()));
    await rm(folder, { recursive: true });
  });

  const start = (crashes: number) => {
    const child = startProcess({
      name: 'crashing',
      command: process.execPath,
      args: [FIXTURE, join(folder, 'starts'), String(crashes)],
      environment: process.env,
      log: join(folder, 'log'),
      channel: false,
      stopTimeoutMs: 5_000,
    });
    started.push(child);
    return child;
  };

  it('starts a child that crashed again, waiting longer each time', async () => {
    const reasons: { reason: ExitReason; delayMs: number }[] = [];
    const child = start(2);
    child.keepAlive((reason, delayMs) => reasons.push({ reason, delayMs }));
    await untilLines(join(folder, 'starts'), 3);
    expect(reasons).toEqual([
      { reason: { code: 3, signal: null }, delayMs: 250 },
      { reason: { code: 3, signal: null }, delayMs: 500 },
    ]);
    expect(child.restarts()).toBe(2);
  });

  it('does not start one again that it stopped', async () => {
    const child = start(0);
    let restarts = 0;
    child.keepAlive(() => (restarts += 1));
    await untilLines(join(folder, 'starts'), 1);
    await child.stop();
    expect(restarts).toBe(0);
    expect(child.identity()).toBeUndefined();
  });

  it('stops what a killed supervisor left running, and nothing that only has its number', async () => {
    const child = start(0);
    await untilLines(join(folder, 'starts'), 1);
    const identity = child.identity();
    if (identity === undefined) throw new Error('the child is not running');
    noteChildren(folder, [identity, { pid: process.pid, started: 'another time' }]);
    expect(await stopLeftovers(folder, 5_000)).toBe(1);
    expect(isSameProcess(identity)).toBe(false);
    expect(await stopLeftovers(folder, 5_000)).toBe(0);
  });

  it('runs a private Redis that keeps its data', async () => {
    const redis = await startPrivateRedis({
      server: 'redis-server',
      data: folder,
      log: join(folder, 'redis.log'),
      environment: process.env,
    });
    started.push(redis.process);
    expect(redis.url).toBe(`redis://127.0.0.1:${String(redis.port)}`);
    expect(await freePort(redis.port)).not.toBe(redis.port);
    await redis.process.stop();
    expect(
      await readFile(join(folder, 'redis', 'appendonlydir', 'appendonly.aof.manifest'), 'utf8'),
    ).toContain('appendonly.aof');
  });

  async function untilLines(file: string, count: number): Promise<void> {
    const linesNow = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').length - 1;
    const controller = new AbortController();
    const changes = watch(folder, { signal: controller.signal })[Symbol.asyncIterator]();
    let next = changes.next();
    while ((await linesNow()) < count) {
      await next;
      next = changes.next();
    }
    next.catch(() => undefined);
    controller.abort();
  }
});
