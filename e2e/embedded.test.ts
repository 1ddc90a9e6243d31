import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, run, type RunningCommand } from './rig/launcher';
import { ENGINES } from './rig/stack';

const SERVING = /^API {6}http/m;

describe.each(ENGINES)('./dawsos demo --once, on %s', (engine) => {
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'dawsos demo '));
  });
  afterAll(() => rm(data, { recursive: true }));

  it('prints the answer, its proof, its trace and where to look, and ends', async () => {
    const { exitCode, stdout, stderr } = await run(['demo', '--once', '--queue', engine, '--data', data]);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining(engine === 'redis' ? 'on Redis' : '--queue postgres'),
    ]);
    expect(stdout).toMatch(/^portfolio_overview {2}succeeded/m);
    expect(stdout).toMatch(/^Performance$/m);
    expect(stdout).toMatch(/^ {2}Time-weighted return +[+-]\d+\.\d\d %$/m);
    expect(stdout).toMatch(/^Holdings$/m);
    expect(stdout).toMatch(/^ +Northwind Software +NWND .* \d+\.\d\d %/m);
    expect(stdout).toMatch(/same bytes on a second run: yes/);
    expect(stdout).toMatch(/POST \/v1\/execute +dawsos-executor/);
    expect(stdout).toMatch(/process patterns +dawsos-pattern-worker/);
    expect(stdout).toMatch(/└ agent_execute/);
    expect(stdout).toMatch(SERVING);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  // on one engine: what is printed does not depend on it, and each start costs the suite ten seconds
  if (engine === 'redis')
    it('says the same as JSON', async () => {
      const { exitCode, stdout } = await run(['demo', '--once', '--json', '--queue', engine, '--data', data]);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        run: { status: 'succeeded', pattern_id: 'portfolio_overview' },
        proof: { same_bytes: true },
        api_url: expect.stringMatching(/^http:/),
      });
    });
});

describe.each(ENGINES)('./dawsos up, on %s', (engine) => {
  let data: string;
  let serving: RunningCommand;
  const up = async () => {
    const started = launch(['up', '--queue', engine, '--data', data]);
    await started.until(SERVING);
    return started;
  };
  const dawsos = (...args: string[]) => run([...args, '--data', data]);
  const instance = async () =>
    JSON.parse(await readFile(join(data, 'instance.json'), 'utf8')) as { processes: { name: string }[] };

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'dawsos-up-'));
    serving = await up();
  });
  afterAll(async () => {
    serving.signal('SIGTERM');
    await serving.finished;
    await rm(data, { recursive: true });
  });

  it('serves the other commands', async () => {
    expect((await instance()).processes.map((process) => process.name).sort()).toEqual([
      'executor-api',
      'pack-builder',
      'pattern-worker-1',
      'pattern-worker-2',
    ]);
    const executed = await dawsos('execute', 'portfolio_overview', '--portfolio', 'growth', '--wait');
    expect([executed.exitCode, executed.stdout]).toEqual([0, expect.stringContaining('Holdings')]);
    const listed = await dawsos('runs', 'list', '--json');
    const [run] = (JSON.parse(listed.stdout) as { runs: { run_id: string }[] }).runs;
    const shown = await dawsos('runs', 'show', run?.run_id ?? '');
    expect([shown.exitCode, shown.stdout]).toEqual([0, expect.stringContaining('execute_pattern')]);
    expect((await dawsos('packs', 'list')).stdout).toContain('PP_2025-10-22');
    expect((await dawsos('patterns', 'list')).stdout).toContain('portfolio_overview');
    expect((await dawsos('db', 'schema')).stdout).toContain('table run');
    expect((await dawsos('runs', 'get', '00000000-0000-4000-8000-000000000000')).exitCode).toBe(66);
    expect((await dawsos('execute', 'portfolio_overview', '-i', 'lookback_days=many')).exitCode).toBe(65);
  });

  it('refuses a second one on the same data, and says what to do', async () => {
    const { exitCode, stderr } = await dawsos('up', '--queue', engine);
    expect([exitCode, stderr]).toEqual([
      75,
      expect.stringMatching(/another dawsos \(process \d+\) serves from/),
    ]);
  });

  it('starts a worker again that was killed', async () => {
    const children = JSON.parse(await readFile(join(data, 'children.json'), 'utf8')) as { pid: number }[];
    const workers = await Promise.all(
      children.map(async ({ pid }) => ({
        pid,
        command: await readFile(`/proc/${String(pid)}/cmdline`, 'utf8'),
      })),
    );
    const worker = workers.find(({ command }) => command.includes('pattern-worker'));
    process.kill(worker?.pid ?? -1, 'SIGKILL');
    await serving.until(/pattern-worker-\d ended \(SIGKILL\); starting it again/);
    expect((await dawsos('execute', 'portfolio_overview', '-p', 'growth', '--wait')).exitCode).toBe(0);
  });

  it('loses nothing by kill -9, and clears away what was left', async () => {
    const before = await dawsos('runs', 'list', '--json');
    serving.signal('SIGKILL');
    await serving.finished;
    serving = await up();
    const after = await dawsos('runs', 'list', '--json');
    expect(JSON.parse(after.stdout)).toEqual(JSON.parse(before.stdout));
  });

  // the last one: nothing serves after it
  it('stops all of it in order on Ctrl-C, with 130', async () => {
    const children = JSON.parse(await readFile(join(data, 'children.json'), 'utf8')) as { pid: number }[];
    serving.signal('SIGINT');
    const { exitCode, stderr } = await serving.finished;
    expect([exitCode, stderr]).toEqual([130, expect.not.stringContaining('did not stop in order')]);
    for (const { pid } of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
