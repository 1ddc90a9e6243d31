import fs from 'node:fs';
import * as git from 'isomorphic-git';
import { loadLedgerFrom } from './load';
import type { Ledger } from './model';
import { directorySource } from './source/directory-source';
import type { LedgerSource } from './source/ledger-source';

export interface PinnedLedger {
  /** Made of the files' content alone: equal files give an equal hash, wherever and whenever they are pinned. */
  readonly commit: string;
  readonly ledger: Ledger;
}

/** The branch of the store that the newest pin stands on. */
export const PINNED_BRANCH = 'main';
/** The same for every pin, so that the hash is one of content. */
const AUTHOR = { name: 'dawsos', email: 'dawsos@localhost', timestamp: 0, timezoneOffset: 0 };

/**
 * Keeps a ledger that stands in no commit: the files that it is read from, as they are now, as a commit of the bare
 * repository `store` (made when missing). Documents are kept by their names alone, since only those are read.
 * The ledger may have errors, which are in it; it is pinned only with `keep`.
 * @throws DawsosError `ledger_file_not_found`
 */
export async function pinLedgerFiles(options: {
  readonly root: string;
  readonly file: string;
  readonly store: string;
  readonly acceptedPlugins?: readonly string[];
  readonly keep: (ledger: Ledger) => boolean;
}): Promise<PinnedLedger | { readonly commit: undefined; readonly ledger: Ledger }> {
  const { root, file, store, keep } = options;
  const read = recording(directorySource(root));
  const ledger = await loadLedgerFrom(read.source, file, options.acceptedPlugins);
  if (!keep(ledger)) return { commit: undefined, ledger };
  await git.init({ fs, dir: store, gitdir: store, bare: true, defaultBranch: PINNED_BRANCH });
  const tree = await writeTree(store, read.files());
  const commit = await git.commit({
    fs,
    dir: store,
    gitdir: store,
    message: `${file} as it stood\n`,
    tree,
    parent: [],
    author: AUTHOR,
    committer: AUTHOR,
    ref: `refs/heads/${PINNED_BRANCH}`,
  });
  return { commit, ledger };
}

type Files = ReadonlyMap<string, Uint8Array>;
const NOTHING = new Uint8Array();

/** Notes what is read; of what is only listed, the name. */
function recording(inner: LedgerSource): { readonly source: LedgerSource; files(): Files } {
  const files = new Map<string, Uint8Array>();
  return {
    source: {
      async read(path) {
        const bytes = await inner.read(path);
        if (bytes !== undefined) files.set(path, bytes);
        return bytes;
      },
      async list(directory) {
        const entries = await inner.list(directory);
        const below = directory === '' ? '' : `${directory}/`;
        for (const { name, kind } of entries) {
          const path = `${below}${name}`;
          if (kind === 'file' && !files.has(path)) files.set(path, NOTHING);
        }
        return entries;
      },
    },
    files: () => files,
  };
}

async function writeTree(store: string, files: Files): Promise<string> {
  const blobs: git.TreeEntry[] = [];
  const folders = new Map<string, Map<string, Uint8Array>>();
  for (const [path, bytes] of files) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      const oid = await git.writeBlob({ fs, dir: store, gitdir: store, blob: bytes });
      blobs.push({ mode: '100644', path, oid, type: 'blob' });
      continue;
    }
    const name = path.slice(0, slash);
    const below = folders.get(name) ?? new Map<string, Uint8Array>();
    folders.set(name, below.set(path.slice(slash + 1), bytes));
  }
  const trees = [...folders].map(async ([path, below]): Promise<git.TreeEntry> => {
    return { mode: '040000', path, oid: await writeTree(store, below), type: 'tree' };
  });
  return git.writeTree({ fs, dir: store, gitdir: store, tree: [...blobs, ...(await Promise.all(trees))] });
}
