import type { IsoDate } from '@dawsos/contracts';
import type { Context } from '../checks/transformation';
import type { BookedDirective, BookedPosting, BookedTransaction } from '../incomplete';
import { addPosting } from '../inventories-at';
import { Inventory } from '../inventory';
import type { Directive, Open } from '../model';
import { LedgerDecimal } from '../number';
import { latestPrices, type LatestPrice } from './latest-prices';
import { isAccountName, type Plugin } from './plugin';

const FILE = '<unrealized_gains>';
const FLAG = 'U';
const FIRST_LINE = 1000;

/** An entry that the plugin made: it stands for a change of market value, and moves nothing. */
export function isUnrealizedGain({ type, location }: Directive): boolean {
  return type === 'transaction' && location.file === FILE;
}

/** What is held at market, as Beancount's own holdings have it: the value is not counted twice. */
export function withoutUnrealizedGains(entries: readonly Directive[]): readonly Directive[] {
  return entries.some(isUnrealizedGain) ? entries.filter((entry) => !isUnrealizedGain(entry)) : entries;
}

/**
 * `beancount.plugins.unrealized` ["SUBACCOUNT"]: on the ledger's last day, the difference between market and book value of
 * what each account holds at cost goes to the account, or its subaccount, from income of the same name.
 */
export const unrealized: Plugin = (entries, context, config) => {
  const subaccount = config === undefined || config === '' ? undefined : config;
  const { strings } = context.options;
  if (subaccount !== undefined && !isAccountName(`${strings.get('name_assets') ?? ''}:${subaccount}`)) {
    context.faults.report({ file: FILE, line: 0 }, `Invalid subaccount name: '${subaccount}'`);
    return entries;
  }
  const date = entries.at(-1)?.date;
  if (date === undefined) return entries;
  const prices = latestPrices(entries);
  const rows = holdings(entries);
  const gains = rows.flatMap((held, index): BookedTransaction[] => {
    if (held.costCurrency === null || held.costCurrency === held.currency) return [];
    const price = prices(held.currency, held.costCurrency);
    const fault = faultOf(held, price);
    if (fault !== null) context.faults.report({ file: FILE, line: 0 }, fault);
    if (price === undefined || held.units.isZero) return [];
    return [gainEntry(held, price, { date, line: FIRST_LINE + index, subaccount, context })];
  });
  return [...entries, ...opens(gains, entries, date, rows.length - 1), ...gains];
};

/** What an account holds of a commodity at cost in one currency. */
interface Held {
  readonly account: string;
  readonly currency: string;
  readonly costCurrency: string | null;
  readonly units: LedgerDecimal;
  readonly bookValue: LedgerDecimal;
}

function holdings(entries: readonly BookedDirective[]): Held[] {
  const accounts = new Map<string, Inventory>();
  for (const entry of entries) {
    if (entry.type !== 'transaction' || entry.flag === FLAG) continue;
    for (const posting of entry.postings) {
      const held = accounts.get(posting.account) ?? new Inventory();
      accounts.set(posting.account, held);
      addPosting(held, posting);
    }
  }
  const groups = new Map<string, Held>();
  for (const [account, inventory] of accounts) {
    for (const { units, cost } of inventory) {
      const key = JSON.stringify([account, units.currency, cost?.currency ?? null]);
      const known = groups.get(key);
      const value = cost === null ? units.number : units.number.multiply(cost.number);
      groups.set(key, {
        account,
        currency: units.currency,
        costCurrency: cost?.currency ?? null,
        units: known === undefined ? units.number : known.units.add(units.number),
        bookValue: known === undefined ? value : known.bookValue.add(value),
      });
    }
  }
  const order = ({ account, currency }: Held): string => `${account} ${currency}`;
  return [...groups.values()].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

function faultOf(
  { account, currency, costCurrency, units }: Held,
  price: LatestPrice | undefined,
): string | null {
  const cost = costCurrency ?? '';
  if (price === undefined) {
    return units.isZero ? null : `A valid price for ${currency}/${cost} could not be found`;
  }
  if (!units.isZero) return null;
  return `Number of units of ${currency} in ${cost} in holdings sum to zero for account ${account} and should not`;
}

interface Setting {
  readonly date: IsoDate;
  readonly line: number;
  readonly subaccount: string | undefined;
  readonly context: Context;
}

function gainEntry(held: Held, price: LatestPrice, setting: Setting): BookedTransaction {
  const { account, currency, costCurrency, units, bookValue } = held;
  const gain = units.multiply(price.number).subtract(bookValue);
  const income = setting.context.options.strings.get('name_income') ?? '';
  const below = setting.subaccount === undefined ? '' : `:${setting.subaccount}`;
  const cost = costCurrency ?? '';
  const average = bookValue.divide(units);
  return {
    type: 'transaction',
    date: setting.date,
    meta: new Map(),
    location: { file: FILE, line: setting.line },
    flag: FLAG,
    payee: null,
    narration:
      `Unrealized ${gain.sign > 0 && !gain.isZero ? 'gain' : 'loss'} for ${units.toString()} units of ${currency} ` +
      `(price: ${fixed(price.number)} ${cost} as of ${price.date}, average cost: ${fixed(average)} ${cost})`,
    tags: [],
    links: [],
    postings: [
      posting(`${account}${below}`, gain, cost),
      posting(`${income}:${account.slice(account.indexOf(':') + 1)}${below}`, gain.negate(), cost),
    ],
  };
}

const fixed = (number: LedgerDecimal): string => number.quantize(LedgerDecimal.parse('0.0001')).toString();

function posting(account: string, number: LedgerDecimal, currency: string): BookedPosting {
  return {
    account,
    units: { number, currency },
    cost: null,
    price: null,
    flag: null,
    meta: new Map(),
    interpolated: false,
  };
}

function opens(
  gains: readonly BookedTransaction[],
  entries: readonly BookedDirective[],
  date: IsoDate,
  line: number,
): Open[] {
  const known = new Set(
    entries.flatMap((entry) => (entry.type === 'open' || entry.type === 'close' ? [entry.account] : [])),
  );
  const names = new Set(gains.flatMap(({ postings }) => postings.map(({ account }) => account)));
  return [...names]
    .filter((account) => !known.has(account))
    .sort()
    .map((account) => ({
      type: 'open',
      date,
      account,
      currencies: [],
      booking: null,
      meta: new Map(),
      location: { file: FILE, line },
    }));
}
