import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DawsosError } from '@dawsos/contracts';
import { commandAs, type Account } from './account';
import type { Binaries } from './binaries';

/** The embedded server's folder: the cluster, our password, the server's log, and who owns it. */
export function layoutOf(dataDir: string) {
  return {
    cluster: join(dataDir, 'cluster'),
    password: join(dataDir, 'password'),
    log: join(dataDir, 'postgres.log'),
    owner: join(dataDir, 'owner.json'),
  };
}
export type Layout = ReturnType<typeof layoutOf>;

export const SUPERUSER = 'dawsos';

/** Makes the cluster unless it is there; a half-made one of a killed start is thrown away. @returns the password */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  account: Account | undefined,
): Promise<string> {
  const layout = layoutOf(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  if (await exists(layout.cluster)) return (await readFile(layout.password, 'utf8')).trim();
  const password = randomBytes(24).toString('base64url');
  await writePrivately(layout.password, password);
  const making = `${layout.cluster}.new`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { mode: 0o700 });
  if (account !== undefined) await chown(making, account.uid, account.gid);
  await initdb(making, password, binaries, account);
  await rename(making, layout.cluster);
  return password;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function writePrivately(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function initdb(
  folder: string,
  password: string,
  binaries: Binaries,
  account: Account | undefined,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'dawsos-initdb-'));
  try {
    const passwordFile = join(scratch, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account !== undefined) {
      await chmod(scratch, 0o711);
      await chown(passwordFile, account.uid, account.gid);
    }
    await runInitdb(folder, passwordFile, binaries, account);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runInitdb(
  folder: string,
  passwordFile: string,
  binaries: Binaries,
  account: Account | undefined,
): Promise<void> {
  const command = await commandAs(
    account,
    binaries.initdb,
    [
      `--pgdata=${folder}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // one order of text on every machine, whatever locales it has
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ],
    [folder],
  );
  const { file, args, ...as } = command;
  const child = spawn(file, args, { ...as, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new DawsosError(
      'store_unavailable',
      `The embedded database could not be made: ${errors.trim().slice(-500)}`,
    );
  }
}
