import { accountsOf, isWithin } from './accounts';
import type { Faults } from '../faults';
import type { BookedDirective } from '../incomplete';
import type { Custom } from '../model';
import type { FileOptions } from '../options';

/**
 * Checks the `custom "portfolio"` directives: without an opened account, or in a currency that the ledger does not
 * know, a portfolio would be worth nothing without saying why.
 */
export function checkPortfolios(
  entries: readonly BookedDirective[],
  options: FileOptions,
  faults: Faults,
): void {
  const declared = entries.filter(
    (entry): entry is BookedDirective & Custom => entry.type === 'custom' && entry.name === 'portfolio',
  );
  if (declared.length === 0) return;
  const opened = [...new Set(entries.flatMap((entry) => (entry.type === 'open' ? accountsOf(entry) : [])))];
  const currencies = currenciesOf(entries, options);
  const ids = new Set<string>();
  for (const { values, meta, location } of declared) {
    const [id, ...accounts] = values;
    if (id?.kind !== 'string' || id.value === '') {
      faults.report(location, 'A portfolio needs an id in quotes: custom "portfolio" "growth" Assets:Growth');
      continue;
    }
    if (ids.has(id.value)) faults.report(location, `Duplicate portfolio "${id.value}"`);
    ids.add(id.value);
    if (accounts.length === 0) faults.report(location, `Portfolio "${id.value}" names no account`);
    for (const account of accounts) {
      if (account.kind !== 'account') {
        faults.report(location, `Portfolio "${id.value}" takes accounts after its id, without quotes`);
      } else if (!opened.some((name) => isWithin(name, account.value))) {
        faults.report(
          location,
          `Portfolio "${id.value}" names ${account.value}, which the ledger does not open`,
        );
      }
    }
    const base = meta.get('base_currency');
    if (base === undefined) continue;
    if (base.kind !== 'string' && base.kind !== 'currency') {
      faults.report(location, `Portfolio "${id.value}": base_currency must be a currency, such as "CAD"`);
    } else if (!currencies.has(base.value)) {
      faults.report(
        location,
        `Portfolio "${id.value}" has the base_currency "${base.value}", which the ledger does not know; declare it: commodity ${base.value}`,
      );
    }
  }
}

function currenciesOf(entries: readonly BookedDirective[], options: FileOptions): ReadonlySet<string> {
  const found = new Set(options.operatingCurrencies);
  for (const entry of entries) {
    if (entry.type === 'commodity') found.add(entry.currency);
    else if (entry.type === 'price') found.add(entry.currency).add(entry.amount.currency);
    else if (entry.type === 'open') for (const currency of entry.currencies) found.add(currency);
    else if (entry.type === 'transaction') {
      for (const { units, cost, price } of entry.postings) {
        found.add(units.currency);
        if (cost !== null) found.add(cost.currency);
        if (price !== null) found.add(price.currency);
      }
    }
  }
  return found;
}
