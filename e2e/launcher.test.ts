import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAUNCHER, run } from './rig/launcher';

describe('./dawsos', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dawsos launcher '));
    await run(['version']);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is quiet when nothing is to be done', async () => {
    expect(await run(['version'])).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^dawsos \d+\.\d+\.\d+, Node v(2[4-9]|[3-9]\d)\.\d+\.\d+\n$/),
      stderr: '',
    });
  });

  it('works by a link, from a folder with a space, and reads files from where it is called', async () => {
    const link = join(folder, 'a link');
    await symlink(LAUNCHER, link);
    await writeFile(join(folder, 'bad.json'), '{"id": "bad"}');
    const { exitCode, stdout } = await run(['patterns', 'lint', 'bad.json'], { cwd: folder, command: link });
    expect([exitCode, stdout]).toEqual([65, expect.stringContaining('bad.json:1:')]);
  });

  it('says how a command is used, with 64, and suggests the one that was meant', async () => {
    const { exitCode, stdout, stderr } = await run(['exekute']);
    expect([exitCode, stdout]).toEqual([64, '']);
    expect(stderr).toContain('Did you mean execute?');
  });

  it('begins its help with examples', async () => {
    const { exitCode, stdout } = await run(['--help']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Examples:\n {2}dawsos demo/)]);
  });

  it('says that nothing runs, and what to do, with 69', async () => {
    const { exitCode, stderr } = await run(['runs', 'list', '--data', join(folder, 'none')]);
    expect([exitCode, stderr]).toEqual([
      69,
      'dawsos: no dawsos is running here\n  fix    start one with "dawsos up" in another terminal, or name one with --url\n',
    ]);
  });

  it('names a variable that is wrong, with 78', async () => {
    const { exitCode, stderr } = await run(['config'], { environment: { PORT: 'eighty' } });
    expect([exitCode, stderr]).toEqual([78, expect.stringContaining('PORT')]);
  });

  it('refuses a Node that is too old, with 78', async () => {
    const { exitCode, stderr } = await run(['version'], { environment: { DAWSOS_NODE: '/bin/false' } });
    expect([exitCode, stderr]).toEqual([78, expect.stringContaining('DAWSOS_NODE')]);
  });

  it('prints a completion script', async () => {
    const { exitCode, stdout } = await run(['completion', 'bash']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('dawsos')]);
  });
});
