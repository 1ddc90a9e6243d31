import {
  isDawsosError,
  ZERO,
  type DawsosError,
  type Decimal,
  type ErrorCode,
  type IsoDate,
} from '@dawsos/contracts';
import type { Portfolio, Posting, Transaction, UnitSizes } from '@dawsos/ledger';
import type { Dated } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { isOwn } from './holdings';
import type { LotBook } from './lot-book/lot-book';
import { quotation } from './market-history';

/** A commodity's prices with those of its trades, and the days of its own quotes. */
export interface DayPrices {
  readonly currency: string;
  /** Null where it is money, worth its units. */
  readonly prices: readonly Dated[] | null;
  readonly quotes: readonly IsoDate[];
  /** Why the quotes cannot be used: a split that no quote tells, a rate that is missing. */
  readonly fault: DawsosError | null;
}

/** The days of what may be trades, and the trades themselves for those that need them. */
export interface TradedDays {
  daysOf(commodity: string): readonly IsoDate[];
  trades(): Trades;
}

/** Where every trade falls on a day with a quote, as with daily prices, the lot book need not be asked. */
export function tradedDays(
  history: readonly Transaction[],
  portfolio: Portfolio,
  find: () => Trades,
): TradedDays {
  const days = new Map<string, IsoDate[]>();
  for (const { date, postings } of history) {
    for (const { account, units, cost, price } of postings) {
      if ((cost === null && price === null) || !isOwn(portfolio, account)) continue;
      const own = days.get(units.currency) ?? [];
      days.set(units.currency, own);
      own.push(date);
    }
  }
  let found: Trades | undefined;
  return { daysOf: (commodity) => days.get(commodity) ?? [], trades: () => (found ??= find()) };
}

/** Trades of a day: the sum of units × price, and of units, by commodity and day. */
export type Trades = ReadonlyMap<string, ReadonlyMap<IsoDate, TradedPrice>>;
interface TradedPrice {
  readonly currency: string;
  readonly worth: Decimal;
  readonly units: Decimal;
}

/**
 * The price of a day is its quote, else the mean by units of the day's trades: what was paid is known though nothing
 * was quoted. A commodity without a price has its trades alone; without those, no price at all.
 */
export function dayPrices(
  commodity: string,
  traded: TradedDays,
  { from, to }: { readonly from: IsoDate; readonly to: IsoDate },
  context: CapabilityContext,
): DayPrices {
  const { pack, ledger } = context;
  const quoted = quotationOrNone(commodity, { from, to }, context);
  if (isDawsosError(quoted)) {
    return { currency: ledger.portfolio().baseCurrency, prices: [], quotes: [], fault: quoted };
  }
  if (quoted?.prices === null) return { currency: quoted.currency, prices: null, quotes: [], fault: null };
  const prices = quoted?.prices ?? [];
  const quotes = prices.map(({ date }) => date);
  const known = new Set(quotes);
  const [opening] = prices;
  // Before the period only what is newer than its opening price can tell a price in it.
  const tells = (date: IsoDate): boolean =>
    date >= from
      ? date <= to && !known.has(date)
      : opening === undefined || opening.date > from || opening.date < date;
  const isNeeded = traded.daysOf(commodity).some(tells);
  const trades = isNeeded ? traded.trades().get(commodity) : undefined;
  const [firstTrade] = trades?.values() ?? [];
  const currency = quoted?.currency ?? firstTrade?.currency ?? ledger.portfolio().baseCurrency;
  const own: Dated[] = [];
  for (const [date, { currency: paid, worth, units }] of trades ?? []) {
    if (known.has(date) || date > to) continue;
    const rate = paid === currency ? undefined : pack.rate(paid, currency, date);
    if (paid !== currency && rate === undefined) continue;
    const price = worth.div(units);
    own.push({ date, number: rate === undefined ? price : price.times(rate.number) });
  }
  if (own.length === 0) return { currency, prices, quotes, fault: null };
  const all = [...prices, ...own].sort((a, b) => (a.date < b.date ? -1 : 1));
  return { currency, prices: all, quotes, fault: null };
}

const UNUSABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'rate_missing',
  'prices_look_adjusted',
  'split_unclear',
]);

/** Undefined where nothing was ever quoted: trades may tell. The error where the quotes cannot be used. */
function quotationOrNone(
  commodity: string,
  { from, to }: { readonly from: IsoDate; readonly to: IsoDate },
  context: CapabilityContext,
): ReturnType<typeof quotation> | DawsosError | undefined {
  try {
    return quotation(commodity, from, to, context);
  } catch (error) {
    if (!isDawsosError(error)) throw error;
    if (error.code === 'price_missing') return undefined;
    if (UNUSABLE.has(error.code)) return error;
    throw error;
  }
}

/**
 * The trades of the portfolio's accounts in the as-of day's units: units of a lot that the lot book knows as traded, at
 * what was paid for them; units without a lot that change hands at a price. Moves, splits, exchanges, openings and gifts
 * tell no price.
 */
export function tradesOf(
  history: readonly Transaction[],
  at: { readonly portfolio: Portfolio; readonly book: LotBook; readonly sizes: UnitSizes },
): Trades {
  const { portfolio, book, sizes } = at;
  const trades = new Map<string, Map<IsoDate, TradedPrice>>();
  for (const transaction of history) {
    for (const posting of transaction.postings) {
      if (posting.cost === null && posting.price === null) continue;
      if (!isOwn(portfolio, posting.account)) continue;
      const booked = posting.units.number.toDecimal().abs();
      if (booked.isZero()) continue;
      for (const { worth, currency, units } of paidFor(posting, transaction, book)) {
        const commodity = posting.units.currency;
        const days = trades.get(commodity) ?? new Map<IsoDate, TradedPrice>();
        trades.set(commodity, days);
        const before = days.get(transaction.date);
        if (before !== undefined && before.currency !== currency) continue;
        days.set(transaction.date, {
          currency,
          worth: (before?.worth ?? ZERO).plus(worth),
          units: (before?.units ?? ZERO).plus(sizes.unitsOf(posting).abs().times(units).div(booked)),
        });
      }
    }
  }
  return trades;
}

function paidFor(posting: Posting, transaction: Transaction, { changesOf }: LotBook): TradedPrice[] {
  const { price, cost, units } = posting;
  if (cost !== null) {
    return (changesOf.get(posting) ?? []).flatMap(({ leg, change }) =>
      'amount' in change && change.kind !== 'received'
        ? [{ worth: change.amount, currency: change.currency, units: leg.units }]
        : [],
    );
  }
  if (price === null || comesBack(posting, transaction)) return [];
  const booked = units.number.toDecimal().abs();
  return [{ worth: booked.times(price.number.toDecimal()), currency: price.currency, units: booked }];
}

/** Units of the commodity leave and come in the same entry: a move, a split or an exchange, at no price. */
function comesBack({ units }: Posting, { postings }: Transaction): boolean {
  const sign = units.number.toDecimal().isNegative();
  return postings.some(
    (other) =>
      other.units.currency === units.currency && other.units.number.toDecimal().isNegative() !== sign,
  );
}
