import { addDays, daysBetween, ZERO, type Decimal, type IsoDate, type PriceGap } from '@dawsos/contracts';
import type { LedgerSnapshot, Meta } from '@dawsos/ledger';
import type { PricingPack } from '../pack/pricing-pack';

export interface GapsRequest {
  readonly snapshot: LedgerSnapshot;
  readonly portfolioId: string | null;
  readonly pack: PricingPack;
  /** Calendar days for which the last known price may stand in. */
  readonly withinDays: number;
}

/** First and last day on which a portfolio holds a commodity; `to` is the pack's day while it does. */
interface Held {
  readonly from: IsoDate;
  readonly to: IsoDate;
}

/**
 * What a portfolio's answers up to the pack's day need and lack: a commodity never priced, priced only after it was
 * first held, or last priced too long ago; and the rates into the base currency, the same way. Holes between two
 * prices are none: a look-up takes the last known price and says its day.
 */
export function priceGaps({ snapshot, portfolioId, pack, withinDays }: GapsRequest): readonly PriceGap[] {
  const { baseCurrency } = snapshot.portfolio(portfolioId);
  const rates = new Map<string, Held>();
  const gaps: PriceGap[] = [];
  for (const [commodity, held] of holdingPeriods(snapshot, portfolioId, pack.asofDate)) {
    const meta = snapshot.commodity(commodity);
    const newest = pack.price(commodity, pack.asofDate);
    if (newest === undefined && isMoney(pack, snapshot, commodity)) {
      widen(rates, commodity, held);
      continue;
    }
    const quoted = text(meta, 'price') ?? null;
    const currency = newest?.currency ?? text(meta, 'currency') ?? quoted?.split(':')[0] ?? baseCurrency;
    const lacking = lacks(held, withinDays, {
      first: newest && pack.priceSeries(commodity, held.from, pack.asofDate)[0]?.date,
      before: pack.price(commodity, held.from)?.date,
      last: newest?.date,
    });
    for (const gap of lacking) gaps.push({ kind: 'price', commodity, currency, ...gap, quoted_at: quoted });
    widen(rates, currency, held);
  }
  for (const [currency, held] of rates) {
    if (currency === baseCurrency) continue;
    const rate = (date: IsoDate) => pack.rate(currency, baseCurrency, date);
    const lacking = lacks(held, withinDays, {
      first: rate(held.to) && pack.rateSeries(currency, baseCurrency, held.from, pack.asofDate)[0]?.date,
      before: rate(held.from)?.date,
      last: rate(held.to)?.date,
    });
    for (const gap of lacking) {
      gaps.push({ kind: 'rate', commodity: currency, currency: baseCurrency, ...gap, quoted_at: null });
    }
  }
  return gaps.sort(
    (a, b) => compare(a.kind, b.kind) || compare(a.commodity, b.commodity) || compare(a.from, b.from),
  );
}

/** A file that fills the gaps once its prices are written in: a line for each end of each gap. */
export function gapsCsv(gaps: readonly PriceGap[]): string {
  const lines = gaps.flatMap(({ commodity, currency, from, to }) =>
    [...new Set([from, to])].map((date) => `${date},${commodity},,${currency},manual`),
  );
  return ['date,commodity,price,currency,source', ...new Set(lines), ''].join('\n');
}

interface Known {
  readonly first: IsoDate | undefined;
  /** The newest by the first day held. */
  readonly before: IsoDate | undefined;
  readonly last: IsoDate | undefined;
}

function lacks(
  { from, to }: Held,
  withinDays: number,
  { first, before, last }: Known,
): readonly Pick<PriceGap, 'from' | 'to' | 'why'>[] {
  if (last === undefined) return [{ from, to, why: 'there is none at all' }];
  const gaps: Pick<PriceGap, 'from' | 'to' | 'why'>[] = [];
  if (before === undefined && first !== undefined && first > from) {
    gaps.push({ from, to: addDays(first, -1), why: `held since ${from}, the first is of ${first}` });
  }
  if (last < to && daysBetween(last, to) > withinDays) {
    gaps.push({ from: addDays(last, 1), to, why: `the last is of ${last}` });
  }
  return gaps;
}

function holdingPeriods(
  snapshot: LedgerSnapshot,
  portfolioId: string | null,
  until: IsoDate,
): ReadonlyMap<string, Held> {
  const { accountPrefixes } = snapshot.portfolio(portfolioId);
  const units = new Map<string, Decimal>();
  const periods = new Map<string, Held>();
  for (const entry of snapshot.entries({ portfolioId, to: until })) {
    if (entry.type !== 'transaction') continue;
    const touched = new Set<string>();
    for (const { account, units: amount } of entry.postings) {
      if (!accountPrefixes.some((prefix) => account === prefix || account.startsWith(`${prefix}:`))) continue;
      const before = units.get(amount.currency) ?? ZERO;
      units.set(amount.currency, before.plus(amount.number.toDecimal()));
      touched.add(amount.currency);
    }
    for (const commodity of touched) {
      const isHeld = !(units.get(commodity) ?? ZERO).isZero();
      const { from = entry.date } = periods.get(commodity) ?? {};
      periods.set(commodity, { from, to: isHeld ? until : entry.date });
    }
  }
  return periods;
}

function isMoney(pack: PricingPack, snapshot: LedgerSnapshot, name: string): boolean {
  const { ledger } = snapshot;
  const assetClass = text(snapshot.commodity(name), 'asset_class');
  return (
    ledger.options.operatingCurrencies.includes(name) ||
    assetClass === 'currency' ||
    assetClass === 'cash' ||
    pack.pairs.some((pair) => pair.split(' ').includes(name)) ||
    ledger.entries.some((entry) => entry.type === 'price' && entry.amount.currency === name) ||
    ledger.entries.some(
      (entry) => entry.type === 'transaction' && entry.postings.some(({ cost }) => cost?.currency === name),
    )
  );
}

function widen(periods: Map<string, Held>, currency: string, { from, to }: Held): void {
  const known = periods.get(currency);
  periods.set(currency, {
    from: known === undefined || from < known.from ? from : known.from,
    to: known === undefined || to > known.to ? to : known.to,
  });
}

function text(meta: Meta, key: string): string | undefined {
  const value = meta.get(key);
  return value?.kind === 'string' || value?.kind === 'currency' ? value.value : undefined;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
