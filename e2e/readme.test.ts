import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { launch, run, type RunningCommand } from './rig/launcher';
import { ROOT } from './rig/service-process';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The code blocks of one language, in the order of the page. */
function blocksOf(language: string): readonly string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  );
}

/** The commands of a block: lines, those that end in a backslash joined with the next. */
function commandsOf(block: string): readonly string[] {
  return block
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

describe("README's commands", () => {
  let folder: string;
  let serving: RunningCommand;
  let environment: Record<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dawsos-readme-'));
    environment = { DAWSOS_DATA: join(folder, 'data') };
    serving = launch(['up'], { environment });
    await serving.until(/^API {6}http/m);
    environment['DAWSOS_URL'] = /^API {6}(\S+)/m.exec(serving.stdout())?.[1] ?? '';
  });
  afterAll(async () => {
    serving.signal('SIGTERM');
    await serving.finished;
    await rm(folder, { recursive: true });
  });

  const commands = blocksOf('sh').flatMap(commandsOf);
  const itself = './dawsos test';
  const demo = './dawsos demo';

  it('name the two of the first page first', () => {
    expect(commands.slice(0, 2)).toEqual([demo, itself]);
  });

  it(`${demo} serves until Ctrl-C`, async () => {
    const started = launch(['demo'], { environment: { DAWSOS_DATA: join(folder, 'demo') } });
    await started.until(/Serving until Ctrl-C/);
    started.signal('SIGINT');
    expect((await started.finished).exitCode).toBe(130);
  });

  it.each(commands.filter((command) => command !== itself && command !== demo))('%s', async (command) => {
    const { exitCode, stdout, stderr } = await run(['-euo', 'pipefail', '-c', command], {
      command: 'bash',
      environment,
    });
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('dawsos:')]);
    // A check that finds nothing wrong may say so on stderr; every other command prints data.
    expect(`${stdout}${stderr}`).not.toBe('');
  });

  it('include a pattern that passes the check', async () => {
    const [pattern = ''] = blocksOf('json');
    const file = join(folder, 'cash.json');
    await writeFile(file, pattern);
    expect(await run(['patterns', 'lint', file])).toMatchObject({ exitCode: 0, stdout: '' });
  });
});
