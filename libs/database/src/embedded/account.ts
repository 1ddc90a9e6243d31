import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { DawsosError } from '@dawsos/contracts';

const run = promisify(execFile);

/** The system account that the server runs as; `undefined` is our own. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';

/** As root: the account `postgres`, made where there is none. @throws DawsosError `invalid_configuration` */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await findAccount();
  if (found !== undefined) return found;
  try {
    await run('groupadd', ['--system', NAME]);
    await run('useradd', ['--system', '--gid', NAME, '--no-create-home', '--shell', '/bin/false', NAME]);
  } catch (cause) {
    throw new DawsosError(
      'invalid_configuration',
      'PostgreSQL does not run as root, and no account "postgres" could be made; run as an ordinary user, or set DATABASE_URL.',
      { cause },
    );
  }
  return findAccount();
}

async function findAccount(): Promise<Account | undefined> {
  try {
    const [user, group] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number.parseInt(user.stdout, 10), gid: Number.parseInt(group.stdout, 10) };
  } catch {
    return undefined;
  }
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * The command that runs `file` as `account`. In a folder that only root can enter (/root, say) the account
 * could not even reach the program, so there it gets the one capability to pass through folders. PostgreSQL asks
 * `access()` whether it may run its own programs, and that call leaves capabilities out of account unless the
 * secure bit `no_setuid_fixup` is set.
 * @throws DawsosError `invalid_configuration` where a path cannot be reached and the capability cannot be given
 */
export async function commandAs(
  account: Account | undefined,
  file: string,
  args: readonly string[],
  paths: readonly string[],
): Promise<Command> {
  if (account === undefined) return { file, args };
  const closed = (await Promise.all([file, ...paths].map(closedFolderAbove))).find(Boolean);
  if (closed === undefined) return { file, args, ...account };
  if (!(await mayPassThroughFolders())) throw unreachable(closed);
  return {
    file: 'setpriv',
    args: [
      `--reuid=${account.uid}`,
      `--regid=${account.gid}`,
      '--clear-groups',
      '--securebits=+no_setuid_fixup',
      '--inh-caps=+dac_read_search',
      '--ambient-caps=+dac_read_search',
      file,
      ...args,
    ],
  };
}

const OTHERS_MAY_ENTER = 0o001;

/** The first folder above `path` that not everyone may enter. */
async function closedFolderAbove(path: string): Promise<string | undefined> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & OTHERS_MAY_ENTER) === 0) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

const CAP_DAC_READ_SEARCH = 1n << 2n;

/** Whether this process has the capability to hand on, and the program that hands it on. */
async function mayPassThroughFolders(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (effective === undefined || (BigInt(`0x${effective}`) & CAP_DAC_READ_SEARCH) === 0n) return false;
  return run('setpriv', ['--version']).then(
    () => true,
    () => false,
  );
}

function unreachable(folder: string): DawsosError {
  return new DawsosError(
    'invalid_configuration',
    `PostgreSQL does not run as root, and the account "${NAME}" may not enter ${folder}. Move this checkout and its data folder to where everyone may enter (such as /opt), run "chmod o+x ${folder}", start as an ordinary user, or set DATABASE_URL.`,
  );
}
