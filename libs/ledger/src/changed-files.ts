import { loadLedger } from './load';
import { openLedgerRepository } from './repository';
import { directorySource } from './source/directory-source';

/** A file whose work tree differs from the commit. */
export interface ChangedFile {
  readonly file: string;
  /** Lines that are in one and not in the other, the larger side counted. */
  readonly lines: number;
}

/** The ledger's files that differ between the work tree of `dir` and `commit`, by name; of a bare repository none. */
export async function changedFiles(options: {
  readonly dir: string;
  readonly file: string;
  readonly commit: string;
}): Promise<readonly ChangedFile[]> {
  const { dir, file, commit } = options;
  const work = directorySource(dir);
  if ((await work.read(file)) === undefined) return [];
  const committed = await openLedgerRepository({ dir, file }).source(commit);
  const now = await loadLedger({ root: dir, file });
  const before = (await openLedgerRepository({ dir, file }).snapshot(commit)).ledger;
  const names = [...new Set([...now.files, ...before.files])].sort();
  const changed = await Promise.all(
    names.map(async (name) => ({
      file: name,
      lines: differingLines(textOf(await committed.read(name)), textOf(await work.read(name))),
    })),
  );
  return changed.filter(({ lines }) => lines > 0);
}

const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

function differingLines(before: string, after: string): number {
  if (before === after) return 0;
  const counts = new Map<string, number>();
  for (const line of before.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of after.split('\n')) counts.set(line, (counts.get(line) ?? 0) - 1);
  const left = [...counts.values()];
  const removed = left.filter((count) => count > 0).reduce((sum, count) => sum + count, 0);
  const added = left.filter((count) => count < 0).reduce((sum, count) => sum - count, 0);
  return Math.max(removed, added, 1);
}
