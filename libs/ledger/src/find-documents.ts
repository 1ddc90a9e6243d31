import { isIsoDate } from '@dawsos/contracts';
import type { DocumentFiles } from './checks/transformation';
import { Faults } from './faults';
import type { Document } from './model';
import type { ParsedLedger } from './read-files';
import { directoryOf, resolveWithin, type LedgerSource } from './source/ledger-source';

const ACCOUNT = /^\p{Lu}[\p{L}\p{Nd}-]*(?::[\p{Lu}\p{Nd}][\p{L}\p{Nd}-]*)+$/u;
const DATED_NAME = /^(\d{4}-\d{2}-\d{2})./;

/** Looks up the documents that a ledger names, and those in the folders of its option `documents`. */
export async function findDocuments(
  source: LedgerSource,
  ledger: ParsedLedger,
  file: string,
): Promise<DocumentFiles> {
  const faults = new Faults();
  const present = new Set<string>();
  for (const entry of ledger.entries) {
    if (entry.type !== 'document' || present.has(entry.filename)) continue;
    if (await exists(source, entry.filename)) present.add(entry.filename);
  }
  const found: Document[] = [];
  for (const directory of ledger.options.documents) {
    const path = resolveWithin(directoryOf(file), directory);
    if (path === undefined || !(await exists(source, path))) {
      faults.report({ file, line: 0 }, `Document root '${directory}' does not exist`);
    } else {
      found.push(...(await documentsBelow(source, path, path, file, faults)));
    }
  }
  for (const { filename } of found) present.add(filename);
  return { has: (filename) => present.has(filename), found, errors: faults.errors };
}

async function exists(source: LedgerSource, path: string): Promise<boolean> {
  if (path === '') return true;
  if (resolveWithin('', path) === undefined) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (await source.list(directoryOf(path))).some((entry) => entry.name === name);
}

async function documentsBelow(
  source: LedgerSource,
  root: string,
  directory: string,
  file: string,
  faults: Faults,
): Promise<readonly Document[]> {
  const account = directory.slice(root.length).split('/').filter(Boolean).join(':');
  const found: Document[] = [];
  const folders: string[] = [];
  for (const { name, kind } of await source.list(directory)) {
    const path = directory === '' ? name : `${directory}/${name}`;
    if (kind === 'directory') folders.push(path);
    else if (ACCOUNT.test(account)) found.push(...documentOf(name, path, account, file, faults));
  }
  for (const folder of folders) found.push(...(await documentsBelow(source, root, folder, file, faults)));
  return found;
}

function documentOf(
  name: string,
  filename: string,
  account: string,
  file: string,
  faults: Faults,
): readonly Document[] {
  const date = DATED_NAME.exec(name)?.[1];
  if (date === undefined) return [];
  const location = { file, line: 0 };
  if (!isIsoDate(date)) {
    faults.report(location, `Invalid date on document file '${name}'`);
    return [];
  }
  return [{ type: 'document', date, account, filename, tags: [], links: [], meta: new Map(), location }];
}
