import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.ts';

/** A program of the machine that tests run. */
interface Program {
  readonly name: string;
  /** The package of Debian and Ubuntu. */
  readonly package: string;
  readonly elsewhere: string;
  /** Without it nothing worth its name can be tested, so the run does not begin; else the tests that need it are skipped. */
  readonly required: boolean;
}

const PROGRAMS: readonly Program[] = [
  { name: 'redis-server', package: 'redis-server', elsewhere: 'macOS: brew install redis', required: true },
  {
    name: 'promtool',
    package: 'prometheus',
    elsewhere: 'macOS: brew install prometheus',
    required: false,
  },
  // Debian's wrapper on PATH; the server itself is not
  { name: 'pg_ctlcluster', package: 'postgresql', elsewhere: 'only on Debian and Ubuntu', required: false },
  { name: 'bean-check', package: 'beancount', elsewhere: 'pip install beancount==2.3.6', required: false },
];

const INSTALL_TIMEOUT_MS = 300_000;

export interface MachineOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly root: string;
  readonly log: string;
}

/**
 * Puts the programs that tests run on PATH, by apt where that is possible (root, Debian or Ubuntu); what is still
 * missing then is said in a line each. Resolves with false when the tests cannot run.
 */
export async function ensurePrograms(options: MachineOptions): Promise<boolean> {
  const path = options.environment['PATH'] ?? '';
  const isMissing = ({ name }: Program): boolean => !isOnPath(name, path);
  const wanted = PROGRAMS.filter(isMissing);
  if (wanted.length > 0 && process.getuid?.() === 0 && isOnPath('apt-get', path))
    await install(wanted, options);
  const missing = wanted.filter(isMissing);
  for (const program of missing) process.stderr.write(`${whatToDo(program)}\n`);
  return missing.every((program) => !program.required);
}

/** One by one, so that a package that cannot be had costs none of the others. */
async function install(
  programs: readonly Program[],
  { environment, root, log }: MachineOptions,
): Promise<void> {
  const names = programs.map((program) => program.package).join(', ');
  process.stderr.write(`installing with apt-get, as root: ${names} (log: ${log})\n`);
  // Both keep a package from starting a service of its own: the first where init is SysV's, the second where it is systemd.
  const quiet = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', SYSTEMD_OFFLINE: '1' };
  const options = {
    cwd: root,
    environment: { ...environment, ...quiet },
    timeoutMs: INSTALL_TIMEOUT_MS,
    log,
  };
  await runCommand('apt-get', ['update'], options);
  for (const program of programs) {
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', program.package], options);
  }
}

function whatToDo({ name, package: debian, elsewhere, required }: Program): string {
  const consequence = required ? 'the tests cannot run' : 'the tests that need it are skipped';
  return `${name} is missing: ${consequence}; install it (Debian, Ubuntu: apt-get install ${debian}; ${elsewhere}) and run this again`;
}

function isOnPath(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
