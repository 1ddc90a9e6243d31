import type { Faults } from './faults';
import type { ParsedDirective } from './incomplete';
import type { SourceLocation } from './model';
import type { FileOptions } from './options';
import { decodeLedger } from './source/decode';
import { expandGlob } from './source/glob';
import { directoryOf, resolveWithin, type LedgerSource } from './source/ledger-source';
import type { Include, PluginName } from './syntax/file-state';
import { parseFile } from './syntax/parser';

/** All files of a ledger, parsed: entries file by file, the options and plugins of the first. */
export interface ParsedLedger {
  readonly entries: readonly ParsedDirective[];
  readonly options: FileOptions;
  readonly plugins: readonly PluginName[];
  /** Plugins that included files name: Beancount heeds only those of the first file. */
  readonly pluginsOfIncludes: readonly string[];
  readonly files: readonly string[];
}

/** A file to read, and the line that includes it; the first file has none. */
interface Wanted {
  readonly path: string;
  readonly location: SourceLocation | undefined;
}

/** @returns undefined when the first file is not there. */
export async function readFiles(
  source: LedgerSource,
  file: string,
  faults: Faults,
): Promise<ParsedLedger | undefined> {
  const entries: ParsedDirective[] = [];
  const seen = new Set<string>();
  const pluginsOfIncludes: string[] = [];
  let first: Pick<ParsedLedger, 'options' | 'plugins'> | undefined;
  const queue: Wanted[] = [{ path: file, location: undefined }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { path, location = { file: path, line: 1 } } = next;
    if (seen.has(path)) {
      faults.report(location, `Duplicate filename parsed: "${path}"`);
      continue;
    }
    seen.add(path);
    const bytes = await source.read(path);
    if (bytes === undefined) {
      if (first === undefined) return undefined;
      faults.report(location, `File "${path}" does not exist`);
      continue;
    }
    const state = parseFile(textOf(bytes, path, faults), path, faults);
    for (const entry of state.entries) entries.push(withPath(entry, path));
    if (first === undefined) {
      first = { options: state.options, plugins: state.plugins };
    } else {
      pluginsOfIncludes.push(...state.plugins.map(({ name }) => name));
      addCurrencies(first.options, state.options);
    }
    for (const include of state.includes) queue.push(...(await included(source, path, include, faults)));
  }
  return first && { ...first, entries, pluginsOfIncludes, files: [...seen].sort() };
}

const BYTE_ORDER_MARK = '\uFEFF';

/** Beancount takes no byte-order mark; named here, since an editor does not show it. */
function textOf(bytes: Uint8Array, path: string, faults: Faults): string {
  const text = decodeLedger(bytes);
  if (!text.startsWith(BYTE_ORDER_MARK)) return text;
  faults.report(
    { file: path, line: 1 },
    'The file begins with a byte-order mark (the bytes EF BB BF); save it as UTF-8 without one',
  );
  return text.slice(BYTE_ORDER_MARK.length);
}

function addCurrencies(options: FileOptions, more: FileOptions): void {
  for (const currency of more.operatingCurrencies) {
    if (!options.operatingCurrencies.includes(currency)) options.operatingCurrencies.push(currency);
  }
}

async function included(
  source: LedgerSource,
  path: string,
  { pattern, location }: Include,
  faults: Faults,
): Promise<readonly Wanted[]> {
  const directory = directoryOf(path);
  if (resolveWithin(directory, pattern) === undefined) {
    faults.report(
      location,
      `Include "${pattern}" refused: it must be relative and stay below the ledger's root`,
    );
    return [];
  }
  const files = await expandGlob(source, directory, pattern);
  if (files.length === 0) faults.report(location, `File glob "${pattern}" does not match any files`);
  return files.map((file) => ({ path: file, location }));
}

/** A document's file is named relative to the ledger file that names it. */
function withPath(entry: ParsedDirective, path: string): ParsedDirective {
  if (entry.type !== 'document') return entry;
  return { ...entry, filename: resolveWithin(directoryOf(path), entry.filename) ?? entry.filename };
}
