import { LOAD_LOCATION, type Faults } from './faults';
import type { ParsedDirective } from './incomplete';
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
  const queue = [file];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (seen.has(path)) {
      faults.report(LOAD_LOCATION, `Duplicate filename parsed: "${path}"`);
      continue;
    }
    seen.add(path);
    const bytes = await source.read(path);
    if (bytes === undefined) {
      if (first === undefined) return undefined;
      faults.report(LOAD_LOCATION, `File "${path}" does not exist`);
      continue;
    }
    const state = parseFile(decodeLedger(bytes), path, faults);
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
): Promise<readonly string[]> {
  const directory = directoryOf(path);
  if (resolveWithin(directory, pattern) === undefined) {
    // Where Beancount files an include that it does not find.
    const place = `${location.file}:${location.line}`;
    faults.report(
      LOAD_LOCATION,
      `Include "${pattern}" at ${place} refused: it must be relative and stay below the ledger's root`,
    );
    return [];
  }
  const files = await expandGlob(source, directory, pattern);
  if (files.length === 0) faults.report(LOAD_LOCATION, `File glob "${pattern}" does not match any files`);
  return files;
}

/** A document's file is named relative to the ledger file that names it. */
function withPath(entry: ParsedDirective, path: string): ParsedDirective {
  if (entry.type !== 'document') return entry;
  return { ...entry, filename: resolveWithin(directoryOf(path), entry.filename) ?? entry.filename };
}
