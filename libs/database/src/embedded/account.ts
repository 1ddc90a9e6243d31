import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
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
 * could not even reach the program, so there it gets the one capability to pass through folders.
 */
export async function commandAs(
  account: Account | undefined,
  file: string,
  args: readonly string[],
  paths: readonly string[],
): Promise<Command> {
  if (account === undefined) return { file, args };
  const reachable = await Promise.all([file, ...paths].map(everyoneCanReach));
  if (reachable.every(Boolean)) return { file, args, ...account };
  return {
    file: 'setpriv',
    args: [
      `--reuid=${account.uid}`,
      `--regid=${account.gid}`,
      '--clear-groups',
      '--inh-caps=+dac_read_search',
      '--ambient-caps=+dac_read_search',
      file,
      ...args,
    ],
  };
}

const OTHERS_MAY_ENTER = 0o001;

async function everyoneCanReach(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
