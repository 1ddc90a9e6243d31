import { basename, dirname } from 'node:path';
import { DawsosError } from '@dawsos/contracts';
import { book } from './booking/book';
import { validate } from './checks/validate';
import { Faults, LOAD_LOCATION } from './faults';
import { findDocuments } from './find-documents';
import type { Ledger, LedgerOptions } from './model';
import type { FileOptions } from './options';
import { sortEntries } from './order';
import { readFiles } from './read-files';
import { directorySource } from './source/directory-source';
import type { LedgerSource } from './source/ledger-source';
import { transform } from './transform';

/**
 * Loads a ledger from the file system: `file` as the path from `root`, which includes never leave (by default the
 * folder of the file). Faults of the ledger are in `errors`, never thrown.
 * @throws DawsosError `ledger_file_not_found`
 */
export async function loadLedger(options: {
  readonly file: string;
  readonly root?: string;
  readonly acceptedPlugins?: readonly string[];
}): Promise<Ledger> {
  const { file, root, acceptedPlugins } = options;
  if (root !== undefined) return loadLedgerFrom(directorySource(root), file, acceptedPlugins);
  return loadLedgerFrom(directorySource(dirname(file)), basename(file), acceptedPlugins);
}

/**
 * `acceptedPlugins`: those that need not be run though they may change entries; any other that is not run is a fault.
 * Without it none is judged.
 * @throws DawsosError `ledger_file_not_found`
 */
export async function loadLedgerFrom(
  source: LedgerSource,
  file: string,
  acceptedPlugins?: readonly string[],
): Promise<Ledger> {
  const faults = new Faults();
  const parsed = await readFiles(source, file, faults);
  if (parsed === undefined) {
    throw new DawsosError(
      'ledger_file_not_found',
      `There is no ledger file "${file}". Check its name and the folder.`,
    );
  }
  const { options } = parsed;
  const booked = book(sortEntries(parsed.entries), options, faults);
  const documents = await findDocuments(source, parsed, file);
  const transformed = transform(booked, parsed.plugins, { options, faults, documents });
  const { entries, pluginsNotRun } = transformed;
  validate(entries, options, faults);
  if (acceptedPlugins !== undefined) refusePlugins(pluginsNotRun, acceptedPlugins, faults);
  return {
    entries,
    errors: faults.errors,
    options: ledgerOptions(options),
    pluginsNotRun,
    pluginsWithoutEffect: [...transformed.pluginsWithoutEffect, ...parsed.pluginsOfIncludes],
    files: parsed.files,
  };
}

function refusePlugins(notRun: readonly string[], accepted: readonly string[], faults: Faults): void {
  for (const name of notRun.filter((plugin) => !accepted.includes(plugin))) {
    faults.report(
      LOAD_LOCATION,
      `The plugin "${name}" is not run here and may change what the ledger holds. Write what it makes into the ` +
        `ledger; or, if no figure needs it, accept it: LEDGER_PLUGINS_ACCEPTED=${name}`,
    );
  }
}

function ledgerOptions({ strings, operatingCurrencies }: FileOptions): LedgerOptions {
  const text = (name: string) => strings.get(name) ?? '';
  return {
    title: text('title'),
    operatingCurrencies,
    nameAssets: text('name_assets'),
    nameLiabilities: text('name_liabilities'),
    nameEquity: text('name_equity'),
    nameIncome: text('name_income'),
    nameExpenses: text('name_expenses'),
  };
}

/** @throws DawsosError `ledger_has_errors` that lists each fault as `file:line` in `errors`. */
export function assertNoErrors(ledger: Ledger): void {
  const [first] = ledger.errors;
  if (first === undefined) return;
  const count = ledger.errors.length;
  throw new DawsosError(
    'ledger_has_errors',
    `The ledger has ${count} ${count === 1 ? 'error' : 'errors'}; the first, at ${first.location.file}:${first.location.line}: ${first.message}`,
    {
      errors: ledger.errors.map(({ location, message }) => ({
        pointer: `${location.file}:${location.line}`,
        detail: message,
      })),
    },
  );
}
