import { setTimeout as delay } from 'node:timers/promises';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isBuildOver } from '@dawsos/contracts';
import type { Terminal } from '../terminal/terminal';
import { failureOf } from '../supervisor/pack-wait';
import type { Running } from '../supervisor/supervisor';
import type { Books } from './books';
import { counted, errorLines } from './open-ledger';

const LOOK_MS = 2_000;

/**
 * Looks after the books while they are served: a new commit, a new pin or new price files start a build; uncommitted
 * changes are checked and said. It looks at sizes and times of files, so that a look costs nothing.
 */
export function watchBooks(terminal: Terminal, running: Running, signal: AbortSignal): void {
  void look(terminal, running, signal).catch((error: unknown) => {
    if (signal.aborted) return;
    terminal.note(
      `  ! the books are no longer watched: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
}

async function look(terminal: Terminal, running: Running, signal: AbortSignal): Promise<void> {
  const { books } = running;
  let commit = books.commit;
  let files = ledgerStamp(books);
  let prices = folderStamp(books.pricesDir);
  if (books.kind === 'committed') await sayUncommitted(terminal, books, commit);
  if (running.pack.wasThere)
    await build(terminal, running, 'what changed while it was stopped', signal, true);
  for (;;) {
    await delay(LOOK_MS, undefined, { signal });
    const filesNow = ledgerStamp(books);
    // A file that is being written is looked at once it rests.
    const changed = filesNow !== files;
    files = filesNow;
    if (changed) await settled(() => ledgerStamp(books), signal);
    if (changed && books.kind === 'committed') await sayUncommitted(terminal, books, commit);
    if (changed && (books.kind === 'plain' || books.kind === 'worktree')) await pinAnew(terminal, books);
    files = ledgerStamp(books);
    const commitNow = await books.repository.resolve(books.ref).catch(() => commit);
    const pricesNow = folderStamp(books.pricesDir);
    if (pricesNow !== prices) await settled(() => folderStamp(books.pricesDir), signal);
    const why =
      commitNow !== commit
        ? `${books.kind === 'committed' ? `commit ${commitNow.slice(0, 7)}` : `content ${commitNow.slice(0, 7)}`} of the ledger`
        : pricesNow !== prices
          ? 'new price files'
          : undefined;
    prices = folderStamp(books.pricesDir);
    if (commitNow !== commit && !(await isRight(terminal, books, commitNow))) {
      commit = commitNow;
      continue;
    }
    commit = commitNow;
    if (why !== undefined) await build(terminal, running, why, signal);
  }
}

async function settled(stamp: () => string, signal: AbortSignal): Promise<void> {
  let last = stamp();
  for (;;) {
    await delay(300, undefined, { signal });
    const now = stamp();
    if (now === last) return;
    last = now;
  }
}

async function build(
  terminal: Terminal,
  { builds }: Running,
  why: string,
  signal: AbortSignal,
  onlyIfNew = false,
): Promise<void> {
  if (!onlyIfNew) terminal.note(`  ${why}: building a pack`);
  const { build: asked } = await builds.request({ requestedBy: 'watch', restate: { reason: why } });
  for (;;) {
    const found = await builds.find(asked.build_id).catch(() => asked);
    if (found === undefined) return;
    if (isBuildOver(found.state)) {
      if (onlyIfNew && found.state === 'succeeded' && found.created !== true) return;
      const what = found.created === true ? 'is built' : 'has that content already';
      terminal.note(
        found.state === 'failed'
          ? `  ! the pack could not be built: ${failureOf(found)}`
          : `  ${found.pack_id ?? ''} ${what}`,
      );
      return;
    }
    await delay(LOOK_MS / 4, undefined, { signal });
  }
}

/** New runs are refused while a commit has errors: that is said where the person looks. */
async function isRight(terminal: Terminal, books: Books, commit: string): Promise<boolean> {
  const { ledger } = await books.repository.snapshot(commit);
  if (ledger.errors.length === 0) return true;
  terminal.note(
    `  ! commit ${commit.slice(0, 7)} has ${counted(ledger.errors.length, 'error')}; runs are refused until they are mended:`,
  );
  for (const line of errorLines(ledger.errors, books.place)) terminal.note(`    ${line}`);
  return false;
}

async function pinAnew(terminal: Terminal, { place, repo }: Books): Promise<void> {
  const { pinLedgerFiles } = await import('@dawsos/ledger');
  const keep = ({ errors }: { readonly errors: readonly unknown[] }) => errors.length === 0;
  const { ledger } = await pinLedgerFiles({
    root: place.root,
    file: place.file,
    store: repo,
    acceptedPlugins: place.acceptedPlugins ?? [],
    keep,
  });
  if (ledger.errors.length === 0) return;
  terminal.note(
    `  ! the ledger has ${counted(ledger.errors.length, 'error')}; answers stay with the last content without:`,
  );
  for (const line of errorLines(ledger.errors, place)) terminal.note(`    ${line}`);
}

/** "2 uncommitted changes in main.beancount", and whether what stands there is right. */
async function sayUncommitted(terminal: Terminal, books: Books, commit: string): Promise<void> {
  const { loadLedger } = await import('@dawsos/ledger');
  const changes = await uncommittedChanges(books, commit);
  if (changes.length === 0) return;
  const what = changes
    .map(({ file, lines }) => `${counted(lines, 'uncommitted change')} in ${file}`)
    .join(', ');
  terminal.note(
    `  ! ${what}: answers use commit ${commit.slice(0, 7)}; commit them, or start with --worktree to use them`,
  );
  const { root, file, acceptedPlugins = [] } = books.place;
  const { errors } = await loadLedger({ root, file, acceptedPlugins });
  if (errors.length === 0) return;
  terminal.note(`    as they stand they have ${counted(errors.length, 'error')}:`);
  for (const line of errorLines(errors, books.place)) terminal.note(`    ${line}`);
}

async function uncommittedChanges(
  { place }: Books,
  commit: string,
): Promise<readonly { readonly file: string; readonly lines: number }[]> {
  const { changedFiles } = await import('@dawsos/ledger');
  return changedFiles({ dir: place.root, file: place.file, commit });
}

/** Sizes and times of the files that the ledger is read from. */
function ledgerStamp({ place, snapshot, kind }: Books): string {
  if (kind === 'example') return '';
  return snapshot.ledger.files.map((file) => stampOf(join(place.root, file))).join();
}

function folderStamp(folder: string): string {
  return ['', 'prices', 'fx', 'ecb']
    .flatMap((part) => namesIn(join(folder, part)).map((name) => join(folder, part, name)))
    .map((file) => `${file} ${stampOf(file)}`)
    .join();
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.csv') || name.endsWith('.beancount'));
  } catch {
    return [];
  }
}

function stampOf(file: string): string {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts === undefined ? '-' : `${String(facts.size)} ${String(facts.mtimeMs)}`;
}
