import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './rig/service-process';

const run = promisify(execFile);
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.dawsos', '.nx', 'coverage']);

let copy: string;
const tool = (name: string, ...args: string[]) =>
  run(process.execPath, [join(copy, 'node_modules', name), ...args], {
    cwd: copy,
    env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '--experimental-vm-modules', CI: 'true' },
  });
const generate = (...args: string[]) => tool('nx/dist/bin/nx.js', 'g', ...args);

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'dawsos-generators-'));
  await cp(ROOT, copy, {
    recursive: true,
    filter: (path) =>
      !path
        .slice(ROOT.length)
        .split(sep)
        .some((part) => LEFT_OUT.has(part)),
  });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

it('a generated capability is listed by its agent, compiles and passes its test', async () => {
  await generate('./tools/house:capability', 'ledger.cash_balance');
  const agent = await readFile(join(copy, 'libs/agents/src/financial-analyst/financial-analyst.ts'), 'utf8');
  expect(agent).toContain("import { ledgerCashBalance } from './ledger-cash-balance';");
  expect(agent).toMatch(/\n {6}ledgerCashBalance,\n {4}\],/);
  await tool('typescript-native/bin/tsc', '-p', 'libs/agents/tsconfig.json', '--noEmit');
  const { stderr } = await tool(
    'jest/bin/jest.js',
    'libs/agents/src/financial-analyst/ledger-cash-balance',
    ...['--selectProjects', 'unit'],
  );
  expect(stderr).toMatch(/Tests: +1 passed/);
});

it('a generated lib has a layer, a place in the build and types that compile', async () => {
  await generate('./tools/house:lib', 'demo-lib', '--uses', 'contracts,ledger');
  expect(await readFile(join(copy, 'eslint.config.mjs'), 'utf8')).toContain(
    "'lib:demo-lib': ['lib:contracts', 'lib:ledger']",
  );
  expect(await readFile(join(copy, 'tsconfig.json'), 'utf8')).toContain('libs/demo-lib/tsconfig.build.json');
  await tool('typescript-native/bin/tsc', '-p', 'libs/demo-lib/tsconfig.json', '--noEmit');
  await expect(generate('./tools/house:lib', 'demo-lib')).rejects.toThrow('libs/demo-lib is there already');
});
