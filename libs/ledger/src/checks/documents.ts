import { accountsOf } from './accounts';
import type { Transformation } from './transformation';
import { sortEntries } from '../order';

/** Adds the documents found for the ledger's accounts, and reports those named that are not there. */
export const documents: Transformation = (entries, { documents: files, faults }) => {
  for (const { location, message } of files.errors) faults.report(location, message);
  const accounts = files.found.length === 0 ? new Set<string>() : new Set(entries.flatMap(accountsOf));
  const found = files.found.filter((document) => accounts.has(document.account));
  const all = found.length === 0 ? entries : sortEntries([...entries, ...found]);
  for (const entry of all) {
    if (entry.type !== 'document' || files.has(entry.filename)) continue;
    faults.report(entry.location, `File does not exist: "${entry.filename}"`);
  }
  return all;
};
