import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, isAbsolute, sep } from 'node:path';
import type { DirectoryEntry, LedgerSource } from './ledger-source';

/** A ledger in a folder. What a symbolic link leads out of the folder to is not there. */
export function directorySource(root: string): LedgerSource {
  const realRoot = realpath(root);
  const inside = async (path: string): Promise<string | undefined> => {
    const base = await realRoot;
    const target = await realpath(join(base, path)).catch(absent);
    if (target === undefined) return undefined;
    const from = relative(base, target);
    return from === '..' || from.startsWith(`..${sep}`) || isAbsolute(from) ? undefined : target;
  };
  const kindOf = async (path: string): Promise<DirectoryEntry['kind'] | undefined> => {
    const target = await inside(path);
    const facts = target === undefined ? undefined : await stat(target).catch(absent);
    if (facts?.isFile() === true) return 'file';
    return facts?.isDirectory() === true ? 'directory' : undefined;
  };
  return {
    read: async (path) => {
      const target = await inside(path);
      return target !== undefined && (await kindOf(path)) === 'file' ? await readFile(target) : undefined;
    },
    list: async (directory) => {
      const target = await inside(directory);
      const names = target === undefined ? [] : ((await readdir(target).catch(absent)) ?? []);
      const entries = await Promise.all(
        names.sort().map(async (name) => ({ name, kind: await kindOf(join(directory, name)) })),
      );
      return entries.flatMap(({ name, kind }) => (kind === undefined ? [] : [{ name, kind }]));
    },
  };
}

const ABSENT: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL']);

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && ABSENT.has(error.code)) return undefined;
  throw error;
}
