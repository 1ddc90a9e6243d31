import { balanceTolerance } from '../booking/tolerance';
import type { BookedDirective, CheckedBalance } from '../incomplete';
import type { Open } from '../model';
import { LedgerDecimal } from '../number';
import type { Transformation } from './transformation';

/** Units of one currency by account, for the accounts that are asserted: with all that stands below each. */
class AssertedTotals {
  private readonly totals = new Map<string, Map<string, LedgerDecimal>>();
  private readonly ancestors = new Map<string, readonly string[]>();

  constructor(entries: readonly BookedDirective[]) {
    for (const entry of entries) if (entry.type === 'balance') this.totals.set(entry.account, new Map());
  }

  add(account: string, currency: string, number: LedgerDecimal): void {
    for (const asserted of this.assertedAbove(account)) {
      const totals = this.totals.get(asserted);
      totals?.set(currency, (totals.get(currency) ?? LedgerDecimal.ZERO).add(number));
    }
  }

  of(account: string, currency: string): LedgerDecimal {
    return this.totals.get(account)?.get(currency) ?? LedgerDecimal.ZERO;
  }

  private assertedAbove(account: string): readonly string[] {
    const known = this.ancestors.get(account);
    if (known !== undefined) return known;
    const parts = account.split(':');
    const names = parts.map((_, index) => parts.slice(0, index + 1).join(':'));
    const asserted = names.filter((name) => this.totals.has(name));
    this.ancestors.set(account, asserted);
    return asserted;
  }
}

/** Compares each balance directive with what its account, and those below it, hold by then. */
export const balance: Transformation = (entries, { options, faults }) => {
  const totals = new AssertedTotals(entries);
  const { opens, known } = openings(entries);
  const result: BookedDirective[] = [];
  for (const entry of entries) {
    if (entry.type === 'transaction') {
      for (const { account, units } of entry.postings) totals.add(account, units.currency, units.number);
    } else if (entry.type === 'balance') {
      if (!known.has(entry.account)) {
        // The directive goes, so that the account is not reported a second time as unknown.
        faults.report(entry.location, `Account '${entry.account}' does not exist: `);
        continue;
      }
      const currencies = opens.get(entry.account)?.currencies ?? [];
      const { currency } = entry.amount;
      if (currencies.length > 0 && !currencies.includes(currency)) {
        faults.report(entry.location, `Invalid currency '${currency}' for Balance directive: `);
      }
      const held = totals.of(entry.account, currency);
      const difference = held.subtract(entry.amount.number);
      if (difference.abs().compare(balanceTolerance(entry, options)) > 0) {
        faults.report(entry.location, failure(entry, held, difference));
      }
    }
    result.push(entry);
  }
  return result;
};

/** The earliest open directive of each account, and all accounts that are opened or closed. */
function openings(entries: readonly BookedDirective[]) {
  const opens = new Map<string, Open>();
  const known = new Set<string>();
  for (const entry of entries) {
    if (entry.type !== 'open' && entry.type !== 'close') continue;
    known.add(entry.account);
    if (entry.type === 'open' && !opens.has(entry.account)) opens.set(entry.account, entry);
  }
  return { opens, known };
}

function failure(entry: CheckedBalance, held: LedgerDecimal, difference: LedgerDecimal): string {
  const { number, currency } = entry.amount;
  const off = `${difference.abs().toString()} ${difference.sign > 0 ? 'too much' : 'too little'}`;
  return `Balance failed for '${entry.account}': expected ${number.toString()} ${currency} != accumulated ${held.toString()} ${currency} (${off})`;
}
