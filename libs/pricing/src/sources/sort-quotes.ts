import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { IsoDate } from '@dawsos/contracts';
import { mergeContext, subjectOf, type MergeContext, type SourceStream } from './merge-quotes';
import type { Quote } from './quote';

/** Quotes of any number, by subject: at most one run of them is in memory, the others are files. */
export interface SortedQuotes {
  readonly context: MergeContext;
  /** All quotes of each subject, subjects in code unit order, quotes as they came; anew by each call. */
  subjects(): AsyncGenerator<readonly Quote[]>;
  /** Removes the files. */
  dispose(): Promise<void>;
}

/** Quotes in memory at once: some tens of megabytes. */
const RUN_LENGTH = 100_000;

/**
 * Sorts the quotes on or before `asofDate` (an external merge sort; Knuth, The Art of Computer Programming, volume 3,
 * 5.4). What fits into one run touches no disk.
 */
export async function sortQuotes(
  sources: readonly SourceStream[],
  asofDate: IsoDate,
  runLength = RUN_LENGTH,
): Promise<SortedQuotes> {
  const context = mergeContext(sources);
  const files: string[] = [];
  let folder: string | undefined;
  let run: Quote[] = [];
  const dispose = async (): Promise<void> => {
    if (folder !== undefined) await fs.rm(folder, { recursive: true, force: true });
  };
  try {
    for (const { quotes } of sources) {
      for await (const quote of quotes) {
        if (quote.date > asofDate) continue;
        run.push(quote);
        if (run.length < runLength) continue;
        folder ??= await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-quotes-'));
        const file = path.join(folder, String(files.length));
        await writeRun(file, sorted(run));
        files.push(file);
        run = [];
      }
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  const last = sorted(run);
  return {
    context,
    subjects: () => mergeRuns([...files.map(readRun), inMemory(last)]),
    dispose,
  };
}

/** Stable: quotes of a subject stay as they came. */
function sorted(quotes: Quote[]): Quote[] {
  return quotes.sort((a, b) => {
    const [one, other] = [subjectOf(a), subjectOf(b)];
    return one < other ? -1 : one > other ? 1 : 0;
  });
}

/** Lines a write: a write for each would take longer than the rest. */
const LINES_A_WRITE = 5_000;

async function writeRun(file: string, quotes: readonly Quote[]): Promise<void> {
  const handle = await fs.open(file, 'wx', 0o600);
  try {
    for (let start = 0; start < quotes.length; start += LINES_A_WRITE) {
      const lines = quotes.slice(start, start + LINES_A_WRITE).map((quote) => JSON.stringify(quote));
      await handle.write(`${lines.join('\n')}\n`);
    }
  } finally {
    await handle.close();
  }
}

type Run = AsyncIterator<readonly Quote[]>;

/** The subjects of one run, one after the other. */
async function* readRun(file: string): AsyncGenerator<readonly Quote[]> {
  let quotes: Quote[] = [];
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const quote = JSON.parse(line) as Quote;
    if (quotes[0] !== undefined && subjectOf(quotes[0]) !== subjectOf(quote)) {
      yield quotes;
      quotes = [];
    }
    quotes.push(quote);
  }
  if (quotes.length > 0) yield quotes;
}

async function* inMemory(run: readonly Quote[]): AsyncGenerator<readonly Quote[]> {
  let start = 0;
  for (let end = 1; end <= run.length; end += 1) {
    const [first, next] = [run[start], run[end]];
    if (first === undefined || (next !== undefined && subjectOf(next) === subjectOf(first))) continue;
    yield run.slice(start, end);
    start = end;
  }
}

async function* mergeRuns(runs: readonly Run[]): AsyncGenerator<readonly Quote[]> {
  const heads = await Promise.all(runs.map((run) => advance(run)));
  for (;;) {
    let least: string | undefined;
    for (const head of heads) {
      if (head !== undefined && (least === undefined || head.subject < least)) least = head.subject;
    }
    if (least === undefined) return;
    const quotes: Quote[] = [];
    for (const [index, run] of runs.entries()) {
      const head = heads[index];
      if (head?.subject !== least) continue;
      for (const quote of head.quotes) quotes.push(quote);
      heads[index] = await advance(run);
    }
    yield quotes;
  }
}

async function advance(run: Run): Promise<{ subject: string; quotes: readonly Quote[] } | undefined> {
  const next = await run.next();
  const [first] = next.done === true ? [] : next.value;
  return first === undefined ? undefined : { subject: subjectOf(first), quotes: next.value as Quote[] };
}
