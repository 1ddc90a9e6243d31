import { lotText } from '../booking/text';
import { inferTolerances } from '../booking/tolerance';
import { residualOf } from '../booking/weight';
import type { Faults } from '../faults';
import type { BookedDirective, CheckedBalance } from '../incomplete';
import type { Close, Open } from '../model';
import type { FileOptions } from '../options';
import { accountsOf } from './accounts';
import { checkPortfolios } from './portfolios';

type Entries = readonly BookedDirective[];

/** The checks that follow all transformations, in Beancount's order; then what Beancount does not know. */
export function validate(entries: Entries, options: FileOptions, faults: Faults): void {
  checkOpenAndClose(entries, faults);
  checkActiveAccounts(entries, faults);
  checkCurrencies(entries, faults);
  checkDuplicateBalances(entries, faults);
  checkDuplicateCommodities(entries, faults);
  checkTransactionsBalance(entries, options, faults);
  checkPortfolios(entries, options, faults);
}

function checkOpenAndClose(entries: Entries, faults: Faults): void {
  const opened = new Map<string, Open>();
  const closed = new Map<string, Close>();
  for (const entry of entries) {
    if (entry.type === 'open') {
      if (opened.has(entry.account))
        faults.report(entry.location, `Duplicate open directive for ${entry.account}`);
      else opened.set(entry.account, entry);
    } else if (entry.type === 'close') {
      if (closed.has(entry.account)) {
        faults.report(entry.location, `Duplicate close directive for ${entry.account}`);
        continue;
      }
      closed.set(entry.account, entry);
      const open = opened.get(entry.account);
      if (open === undefined) {
        faults.report(entry.location, `Unopened account ${entry.account} is being closed`);
      } else if (entry.date <= open.date) {
        faults.report(
          entry.location,
          `Internal error: closing date for ${entry.account} appears before opening date`,
        );
      }
    }
  }
}

/** What may refer to an account after it is closed. */
const ALLOWED_AFTER_CLOSE: ReadonlySet<string> = new Set(['balance', 'document', 'note']);

function checkActiveAccounts(entries: Entries, faults: Faults): void {
  const active = new Set<string>();
  const opened = new Set<string>();
  const references: { account: string; entry: BookedDirective }[] = [];
  for (const entry of entries) {
    if (entry.type === 'open') {
      active.add(entry.account);
      opened.add(entry.account);
    } else if (entry.type === 'close') {
      active.delete(entry.account);
    } else {
      for (const account of accountsOf(entry)) {
        if (active.has(account) || (ALLOWED_AFTER_CLOSE.has(entry.type) && opened.has(account))) continue;
        references.push({ account, entry });
      }
    }
  }
  for (const { account, entry } of references) {
    const kind = opened.has(account) ? 'inactive' : 'unknown';
    faults.report(entry.location, `Invalid reference to ${kind} account '${account}'`);
  }
}

function checkCurrencies(entries: Entries, faults: Faults): void {
  const allowed = new Map<string, readonly string[]>();
  for (const entry of entries) {
    if (entry.type === 'open' && entry.currencies.length > 0) allowed.set(entry.account, entry.currencies);
  }
  if (allowed.size === 0) return;
  for (const entry of entries) {
    if (entry.type !== 'transaction') continue;
    for (const { account, units } of entry.postings) {
      const currencies = allowed.get(account);
      if (currencies === undefined || currencies.includes(units.currency)) continue;
      faults.report(entry.location, `Invalid currency ${units.currency} for account '${account}'`);
    }
  }
}

function checkDuplicateBalances(entries: Entries, faults: Faults): void {
  const seen = new Map<string, CheckedBalance>();
  for (const entry of entries) {
    if (entry.type !== 'balance') continue;
    const key = `${entry.account} ${entry.amount.currency} ${entry.date}`;
    const previous = seen.get(key);
    if (previous === undefined) seen.set(key, entry);
    else if (!previous.amount.number.equals(entry.amount.number)) {
      faults.report(entry.location, 'Duplicate balance assertion with different amounts');
    }
  }
}

function checkDuplicateCommodities(entries: Entries, faults: Faults): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    if (entry.type !== 'commodity') continue;
    if (seen.has(entry.currency)) {
      faults.report(entry.location, `Duplicate commodity directives for '${entry.currency}'`);
    }
    seen.add(entry.currency);
  }
}

function checkTransactionsBalance(entries: Entries, options: FileOptions, faults: Faults): void {
  for (const entry of entries) {
    if (entry.type !== 'transaction') continue;
    const residual = residualOf(entry.postings);
    if (residual.size === 0) continue;
    const tolerances = inferTolerances(entry.postings, options);
    const isOff = [...residual].some(
      ([currency, number]) => number.abs().compare(tolerances.of(currency)) > 0,
    );
    if (!isOff) continue;
    const left = [...residual]
      .sort(([one], [other]) => currencyRank(one) - currencyRank(other))
      .map(([currency, number]) => lotText({ number, currency }, null))
      .join(', ');
    faults.report(entry.location, `Transaction does not balance: (${left})`);
  }
}

const MAJOR_CURRENCIES = ['USD', 'EUR', 'JPY', 'CAD', 'GBP', 'AUD', 'NZD', 'CHF'];

/** Beancount names the major currencies first, then the shorter ones. */
function currencyRank(currency: string): number {
  const rank = MAJOR_CURRENCIES.indexOf(currency);
  return rank < 0 ? MAJOR_CURRENCIES.length + currency.length : rank;
}
