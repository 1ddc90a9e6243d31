import { spawnSync } from 'node:child_process';

/**
 * Whether a program can be started, for tests of what a machine may lack: `(hasProgram('promtool') ? it : it.skip)(…)`.
 * `./dawsos test` installs what it can, and names what was skipped in its last lines.
 */
export const hasProgram = (name: string): boolean =>
  spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
