import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasProgram } from '@dawsos/testing';
import { createExampleLedgerRepository } from './example-repository';

const EXAMPLES = path.resolve(__dirname, '../../../examples');
const run = promisify(execFile);

describe('the example ledger repository', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-example-'));
  });
  afterAll(() => fs.rm(folder, { recursive: true, force: true }));

  it('has the same commit wherever it is made', async () => {
    const first = await createExampleLedgerRepository(path.join(folder, 'one'));
    const second = await createExampleLedgerRepository(path.join(folder, 'two'));
    expect(first.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(second.commit).toBe(first.commit);
  });

  it('holds the ledger as it stands in examples/, a commit a year', async () => {
    const { dir } = await createExampleLedgerRepository(path.join(folder, 'one'));
    const copied = await fs.readFile(path.join(dir, 'years/2025.beancount'), 'utf8');
    expect(copied).toBe(await fs.readFile(path.join(EXAMPLES, 'ledger/years/2025.beancount'), 'utf8'));
    const subjects = execFileSync('git', ['-C', dir, 'log', '--format=%s'], { encoding: 'utf8' });
    expect(subjects.trim().split('\n')).toEqual([
      'Books of 2025',
      'Books of 2024',
      'Books of 2023',
      'Books of 2022',
    ]);
    expect(execFileSync('git', ['-C', dir, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
  });

  it('is left as it is when it is there, with what its owner committed since', async () => {
    const { dir } = await createExampleLedgerRepository(path.join(folder, 'kept'));
    execFileSync('git', [
      '-C',
      dir,
      '-c',
      'user.name=Owner',
      '-c',
      'user.email=owner@example.com',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'Own work',
    ]);
    const own = execFileSync('git', ['-C', dir, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
    await expect(createExampleLedgerRepository(dir)).resolves.toEqual({ dir, commit: own });
  });

  it('refuses a folder that holds something else', async () => {
    const other = path.join(folder, 'other');
    await fs.mkdir(other);
    await fs.writeFile(path.join(other, 'letter.txt'), 'mine');
    await expect(createExampleLedgerRepository(other)).rejects.toThrow(
      'is not empty and not a git repository',
    );
  });
});

describe('the files in examples/', () => {
  it('are what the generator writes', async () => {
    const { stdout } = await run(process.execPath, [path.join(EXAMPLES, 'generate.mjs'), '--check']);
    expect(stdout).toBe('');
  });

  (hasProgram('bean-check') ? it : it.skip)(
    'are a ledger in which Beancount itself finds no error',
    async () => {
      const { stdout, stderr } = await run('bean-check', [path.join(EXAMPLES, 'ledger/main.beancount')]);
      expect(stdout + stderr).toBe('');
    },
  );
});
