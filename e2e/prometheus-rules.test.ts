import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram } from '@dawsos/testing';
import { ROOT } from './rig/service-process';

const FOLDER = join(ROOT, 'observability', 'prometheus');
const files = (pattern: RegExp, folder = FOLDER) => readdirSync(folder).filter((file) => pattern.test(file));

function promtool(cwd: string, ...args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

(hasProgram('promtool') ? describe : describe.skip)('promtool', () => {
  it.each(['prometheus.yml', 'prometheus-static.yml'])('takes %s, and the rules that it names', (file) => {
    expect(promtool(FOLDER, 'check', 'config', file)).toMatchObject({
      status: 0,
      output: expect.stringContaining('3 rule files found'),
    });
  });

  it('takes every rule file, with every lint on', () => {
    const rules = files(/\.rules\.yml$/);
    expect(promtool(FOLDER, 'check', 'rules', '--lint=all', '--lint-fatal', ...rules)).toMatchObject({
      status: 0,
    });
  });

  it('finds that alerts fire when they should, and only then', () => {
    const folder = join(FOLDER, 'tests');
    const tests = files(/\.test\.yml$/, folder);
    expect(tests.length).toBeGreaterThan(1);
    const { status, output } = promtool(folder, 'test', 'rules', ...tests);
    expect([status, output.match(/SUCCESS/g)?.length]).toEqual([0, tests.length]);
  });
});
