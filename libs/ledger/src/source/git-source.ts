import type * as fs from 'node:fs';
import { readTree, readBlob, type TreeEntry } from 'isomorphic-git';
import type { LedgerSource } from './ledger-source';

/** The repository's own folder (`.git`, or a bare one) and what reads it. */
export interface GitRepository {
  readonly fs: typeof fs;
  readonly gitdir: string;
  /** Shared by isomorphic-git's calls: holds pack indexes. */
  readonly cache: object;
}

const SYMBOLIC_LINK = '120000';

/** A ledger at a commit, read from the object store: the work tree is not touched. Symbolic links are not there. */
export function gitSource(repository: GitRepository, commit: string): LedgerSource {
  const trees = new Map<string, Promise<readonly TreeEntry[]>>();
  const tree = (oid: string) => {
    let entries = trees.get(oid);
    if (entries === undefined) {
      entries = readTree({ ...repository, oid }).then((result) => result.tree);
      trees.set(oid, entries);
    }
    return entries;
  };
  const find = async (path: string): Promise<Pick<TreeEntry, 'type' | 'oid'> | undefined> => {
    let found: Pick<TreeEntry, 'type' | 'oid'> = { type: 'tree', oid: commit };
    for (const name of path.split('/').filter(Boolean)) {
      if (found.type !== 'tree') return undefined;
      const entry = (await tree(found.oid)).find(({ path: own }) => own === name);
      if (entry === undefined || entry.mode === SYMBOLIC_LINK) return undefined;
      found = entry;
    }
    return found;
  };
  return {
    read: async (path) => {
      const entry = await find(path);
      if (entry?.type !== 'blob') return undefined;
      return (await readBlob({ ...repository, oid: entry.oid })).blob;
    },
    list: async (directory) => {
      const entry = await find(directory);
      if (entry?.type !== 'tree') return [];
      return (await tree(entry.oid)).flatMap(({ path, type, mode }) => {
        if (type === 'commit' || mode === SYMBOLIC_LINK) return [];
        return [{ name: path, kind: type === 'tree' ? ('directory' as const) : ('file' as const) }];
      });
    },
  };
}
