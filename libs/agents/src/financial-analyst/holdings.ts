import { ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Cost, Directive, Meta, Portfolio, Posting, Transaction, UnitSizes } from '@dawsos/ledger';
import type { Dated } from '@dawsos/portfolio-math';

/** What is left of one lot in one account; without a cost, all units of the commodity there. */
export interface Lot {
  readonly account: string;
  readonly commodity: string;
  readonly units: Decimal;
  readonly cost: Cost | null;
}

export function isOwn(portfolio: Portfolio, account: string): boolean {
  return portfolio.accountPrefixes.some((prefix) => account === prefix || account.startsWith(`${prefix}:`));
}

export function transactions(entries: readonly Directive[]): Transaction[] {
  return entries.filter((entry) => entry.type === 'transaction');
}

function lotKey({ account, units, cost }: Posting): string {
  const costKey =
    cost === null ? [] : [cost.number.toDecimal().toFixed(), cost.currency, cost.date, cost.label ?? ''];
  return [account, units.currency, ...costKey].join('\0');
}

/** The portfolio's open lots after the booked `history`, by account, commodity, date and cost. */
export function openLots(history: readonly Transaction[], portfolio: Portfolio): Lot[] {
  const lots = new Map<string, Lot>();
  for (const { postings } of history) {
    for (const posting of postings) {
      if (!isOwn(portfolio, posting.account)) continue;
      const key = lotKey(posting);
      const units = posting.units.number.toDecimal();
      const lot = lots.get(key);
      lots.set(key, {
        account: posting.account,
        commodity: posting.units.currency,
        units: lot === undefined ? units : lot.units.plus(units),
        cost: posting.cost,
      });
    }
  }
  return [...lots.values()].filter((lot) => !lot.units.isZero()).sort(byPlace);
}

function byPlace(a: Lot, b: Lot): number {
  return (
    byText(a.account, b.account) ||
    byText(a.commodity, b.commodity) ||
    byText(a.cost?.date ?? '', b.cost?.date ?? '') ||
    byText(a.cost?.currency ?? '', b.cost?.currency ?? '') ||
    (a.cost && b.cost ? a.cost.number.toDecimal().comparedTo(b.cost.number.toDecimal()) : 0) ||
    byText(a.cost?.label ?? '', b.cost?.label ?? '')
  );
}

/** Order by code units, the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * For each commodity, in order of name, the quantity held after each day on which it changed, in the units of the
 * as-of day: a split changes nothing.
 */
export function quantitiesOverTime(
  history: readonly Transaction[],
  portfolio: Portfolio,
  sizes: UnitSizes,
): Map<string, Dated[]> {
  const series = new Map<string, { date: IsoDate; number: Decimal }[]>();
  for (const { date, postings } of history) {
    for (const posting of postings) {
      if (!isOwn(portfolio, posting.account)) continue;
      const points = series.get(posting.units.currency) ?? [];
      series.set(posting.units.currency, points);
      const last = points.at(-1);
      const number = (last?.number ?? ZERO).plus(sizes.unitsOf(posting));
      if (last?.date === date) last.number = number;
      else points.push({ date, number });
    }
  }
  return new Map([...series].sort(([a], [b]) => byText(a, b)));
}

/** The text of a metadata value; null where it is absent or of another kind. */
export function metaText(meta: Meta, key: string): string | null {
  const value = meta.get(key);
  return value?.kind === 'string' && value.value !== '' ? value.value : null;
}

/** The commodity that metadata of a transaction or posting names: `commodity: ABC` or `commodity: "ABC"`. */
export function namedCommodity(meta: Meta): string | null {
  const value = meta.get('commodity');
  return value?.kind === 'currency' || value?.kind === 'string' ? value.value : null;
}

/** Whether metadata `commodity` of a transaction or posting names it. */
export function namesCommodity(meta: Meta, commodity: string): boolean {
  return namedCommodity(meta) === commodity;
}
