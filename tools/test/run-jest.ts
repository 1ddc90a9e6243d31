import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * What the targets `test`, `integration` and `e2e` run: the Jest project SUITE over one project's folder, or one file.
 *
 *     node tools/test/run-jest.ts SUITE FOLDER|FILE [ARGUMENT OF JEST...]
 *
 * Jest's results are left in `.dawsos/test/SUITE/FOLDER.json`, from which `./dawsos test` counts.
 */
const WHERE: Readonly<Record<string, string>> = { unit: 'src', integration: 'test', e2e: '' };
/** Projects whose tests take minutes share them between two processes; the others have one, and two projects run at once. */
const LONG: readonly string[] = ['e2e', 'libs/agents'];
/** Jest 30 loads packages that are ES modules only with the first of these. */
const NODE_FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

const [suite = '', path = '', ...further] = process.argv.slice(2);
const where = WHERE[suite];
if (where === undefined || path === '') {
  process.stderr.write(
    `usage: run-jest.ts ${Object.keys(WHERE).join('|')} FOLDER|FILE [ARGUMENT OF JEST...]\n`,
  );
  process.exit(64);
}
const root = resolve(import.meta.dirname, '..', '..');
const results = join(root, '.dawsos', 'test', suite, `${path}.json`);
mkdirSync(dirname(results), { recursive: true });
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const { status } = spawnSync(
  process.execPath,
  [
    ...NODE_FLAGS,
    jest,
    ...['--ci', '--selectProjects', suite, LONG.includes(path) ? '--maxWorkers=2' : '--runInBand'],
    ...['--json', `--outputFile=${results}`, '--passWithNoTests'],
    ...[path.endsWith('.ts') ? path : join(path, where), ...further],
  ],
  // Files that a test starts as processes of their own take the flags from the environment.
  {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: NODE_FLAGS.join(' ') },
  },
);
process.exitCode = status ?? 1;
