import * as fs from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { DawsosError, LedgerRefSchema } from '@dawsos/contracts';
import { LRUCache } from '@dawsos/resilience';
import { currentBranch, expandOid, isDescendent, listBranches, readCommit, resolveRef } from 'isomorphic-git';
import { loadLedgerFrom } from './load';
import type { LedgerSnapshot } from './snapshot';
import { createSnapshot } from './create-snapshot';
import { gitSource, type GitRepository } from './source/git-source';
import type { LedgerSource } from './source/ledger-source';

/** A ledger in a git repository. */
export interface LedgerRepository {
  /**
   * The full commit hash of a tag, a branch or a commit (also abbreviated); `HEAD` by default. Nothing else of the
   * repository's folder is looked at.
   * @throws DawsosError `invalid_ledger_ref`, `ledger_ref_not_found` that names the branches there are
   */
  resolve(ref?: string): Promise<string>;
  /** Whether `commit` is `tip` or one of the commits behind it; both are full hashes. */
  isBehind(commit: string, tip: string): Promise<boolean>;
  /** The branch that is checked out and the branches there are, by name. */
  branches(): Promise<LedgerBranches>;
  /**
   * The ledger at a commit, kept in memory by its hash: asking again costs nothing, and asking twice at once loads once.
   * Faults of the ledger are in its `errors`; `assertNoErrors` throws them.
   * @throws DawsosError `ledger_file_not_found`, `ledger_ref_not_found`
   */
  snapshot(commit: string): Promise<LedgerSnapshot>;
  /** The files of a commit. @throws DawsosError `ledger_ref_not_found` */
  source(commit: string): Promise<LedgerSource>;
}

export interface LedgerBranches {
  /** Undefined where a commit is checked out, or a branch that has none yet. */
  readonly current: string | undefined;
  readonly all: readonly string[];
}

export interface LedgerRepositoryOptions {
  /** A work tree, or a bare repository. */
  readonly dir: string;
  /** The ledger's first file, as the path from the repository's root. */
  readonly file: string;
  /** Plugins that may be left out though they may change entries; none when absent: the others are errors. */
  readonly acceptedPlugins?: readonly string[];
  /**
   * Directives of all snapshots kept in memory, the least recently used snapshots going first; one that is larger than
   * all is kept alone.
   */
  readonly maxDirectives?: number;
}

/** Some 200 MB of them: a transaction of two postings takes about 2 KB. */
const DIRECTIVES_KEPT = 100_000;
/** What a small snapshot counts as, so that a few hundred at most are kept. */
const LEAST_SIZE = 250;
const FULL_HASH = /^[0-9a-f]{40}$/;
const ANCESTRIES_KEPT = 10_000;
const ABBREVIATED_HASH = /^[0-9a-f]{4,39}$/;

/**
 * Opens a repository for reading. It is read by isomorphic-git, in this process: no program is run on what a ref or a
 * repository's configuration says, and nothing of it is an argument. (`git cat-file --batch` would be faster on histories
 * of many large packs, and needs git installed.)
 * @throws DawsosError `ledger_ref_not_found` when there is no repository.
 */
export function openLedgerRepository(options: LedgerRepositoryOptions): LedgerRepository {
  const { file, maxDirectives = DIRECTIVES_KEPT, acceptedPlugins = [] } = options;
  const dir = resolvePath(options.dir);
  const repository: GitRepository = { fs, gitdir: gitDirectory(dir), cache: {} };
  const snapshots = new LRUCache<string, LedgerSnapshot>({
    maxSize: maxDirectives,
    sizeCalculation: ({ ledger }) => Math.min(maxDirectives, Math.max(LEAST_SIZE, ledger.entries.length)),
    // one that others drove out while it was loaded is still its callers' answer
    ignoreFetchAbort: true,
    fetchMethod: async (commit) =>
      createSnapshot(
        commit,
        await loadLedgerFrom(
          gitSource(repository, await existing(repository, commit)),
          file,
          acceptedPlugins,
        ),
      ),
  });
  // a commit that is in memory need not be looked for again on the disk
  const found = (oid: string) => (snapshots.has(oid) ? oid : existing(repository, oid));
  return {
    resolve: async (ref = 'HEAD') => {
      if (!LedgerRefSchema.safeParse(ref).success) {
        throw new DawsosError(
          'invalid_ledger_ref',
          `${JSON.stringify(ref)} is not a ref. Name a branch, a tag or a commit.`,
        );
      }
      return resolveCommit(repository, ref, found);
    },
    isBehind: createHistory(repository),
    branches: () => branchesOf(repository),
    source: async (commit) => gitSource(repository, await existing(repository, commit)),
    snapshot: (commit) => snapshots.forceFetch(commit),
  };
}

/** `.git`, or what a `.git` file names (a linked work tree, a submodule), or the folder itself when it is bare. */
function gitDirectory(dir: string): string {
  const inner = join(dir, '.git');
  const facts = fs.statSync(inner, { throwIfNoEntry: false });
  if (facts?.isDirectory() === true) return inner;
  if (facts?.isFile() === true) {
    const target = /^gitdir: (.+)$/m.exec(fs.readFileSync(inner, 'utf8'))?.[1];
    if (target !== undefined) return resolvePath(dir, target.trim());
  }
  if (fs.existsSync(join(dir, 'HEAD')) && fs.existsSync(join(dir, 'objects'))) return dir;
  throw new DawsosError(
    'ledger_ref_not_found',
    `${dir} is not a git repository. Name one in LEDGER_REPO, or read a ledger outside of one with "dawsos up --ledger PATH".`,
  );
}

async function resolveCommit(
  repository: GitRepository,
  ref: string,
  found: (oid: string) => Promise<string> | string,
): Promise<string> {
  const oid = FULL_HASH.test(ref) ? ref : await namedBy(repository, ref);
  if (oid !== undefined) return found(oid);
  const expanded = ABBREVIATED_HASH.test(ref)
    ? await expandOid({ ...repository, oid: ref }).catch(notFound)
    : undefined;
  if (expanded === undefined) throw await noSuchRef(repository, ref);
  return found(expanded);
}

/** As git ranks them, a tag before a branch; `HEAD` is the branch that is checked out. */
async function namedBy(repository: GitRepository, ref: string): Promise<string | undefined> {
  const isWhole = ref === 'HEAD' || /^refs\/(tags|heads)\//.test(ref);
  for (const name of isWhole ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`]) {
    const oid = await resolveRef({ ...repository, ref: name }).catch(notFound);
    if (oid !== undefined && FULL_HASH.test(oid)) return oid;
  }
  return undefined;
}

/** Commits never change, so an answer holds for good. */
function createHistory(repository: GitRepository): LedgerRepository['isBehind'] {
  const known = new LRUCache<string, boolean>({
    max: ANCESTRIES_KEPT,
    ignoreFetchAbort: true,
    fetchMethod: (pair) => {
      const [ancestor = '', oid = ''] = pair.split(' ');
      return isDescendent({ ...repository, oid, ancestor });
    },
  });
  return (commit, tip) => (commit === tip ? Promise.resolve(true) : known.forceFetch(`${commit} ${tip}`));
}

/** The commit that `oid` names, an annotated tag peeled. */
async function existing(repository: GitRepository, oid: string): Promise<string> {
  const commit = FULL_HASH.test(oid) ? await readCommit({ ...repository, oid }).catch(notFound) : undefined;
  if (commit === undefined) throw await noSuchRef(repository, oid);
  return commit.oid;
}

async function noSuchRef(repository: GitRepository, ref: string): Promise<DawsosError> {
  const { all } = await branchesOf(repository);
  const branches =
    all.length === 0 ? 'It has no commit yet: commit the ledger.' : `Its branches: ${all.join(', ')}.`;
  return new DawsosError('ledger_ref_not_found', `The ledger repository has no "${ref}". ${branches}`);
}

async function branchesOf(repository: GitRepository): Promise<LedgerBranches> {
  const all = (await listBranches(repository)).sort();
  const current = await currentBranch(repository);
  return { current: all.find((name) => name === current), all };
}

const NOT_FOUND: ReadonlySet<unknown> = new Set(['NotFoundError', 'ObjectTypeError', 'AmbiguousError']);

function notFound(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && NOT_FOUND.has(error.code)) return undefined;
  throw error;
}
