import { isDawsosError, ZERO, type DawsosError, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Posting, Transaction, UnitSizes } from '@dawsos/ledger';
import type { Dated } from '@dawsos/portfolio-math';
import type { CapabilityContext, LedgerReader } from '../capability';
import { isOwn } from './holdings';
import { quotation } from './market-history';
import type { RolesOf } from './roles';

/** A commodity's prices with those of its trades, and the days of its own quotes. */
export interface DayPrices {
  readonly currency: string;
  /** Null where it is money, worth its units. */
  readonly prices: readonly Dated[] | null;
  readonly quotes: readonly IsoDate[];
  /** Why the quotes cannot be used: a split that no quote tells, a rate that is missing. */
  readonly fault: DawsosError | null;
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
  trades: Trades,
  { from, to }: { readonly from: IsoDate; readonly to: IsoDate },
  context: CapabilityContext,
): DayPrices {
  const { pack, ledger } = context;
  const traded = trades.get(commodity);
  const quoted = quotationOrNone(commodity, { from, to }, context);
  if (isDawsosError(quoted)) {
    return { currency: ledger.portfolio().baseCurrency, prices: [], quotes: [], fault: quoted };
  }
  if (quoted?.prices === null) return { currency: quoted.currency, prices: null, quotes: [], fault: null };
  const [firstTrade] = traded?.values() ?? [];
  const currency = quoted?.currency ?? firstTrade?.currency ?? ledger.portfolio().baseCurrency;
  const prices = quoted?.prices ?? [];
  const quotes = prices.map(({ date }) => date);
  const known = new Set(quotes);
  const own: Dated[] = [];
  for (const [date, { currency: paid, worth, units }] of traded ?? []) {
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
    if (error.code === 'rate_missing' || error.code === 'prices_look_adjusted') return error;
    throw error;
  }
}

/**
 * The trades of the portfolio's accounts in the as-of day's units: units that change hands at a price, or that are
 * bought at their cost for money or for investment income. Moves, splits, openings and gifts tell no price.
 */
export function tradesOf(
  history: readonly Transaction[],
  at: { readonly ledger: LedgerReader; readonly rolesOf: RolesOf; readonly sizes: UnitSizes },
): Trades {
  const { ledger, rolesOf, sizes } = at;
  const portfolio = ledger.portfolio();
  const trades = new Map<string, Map<IsoDate, TradedPrice>>();
  for (const transaction of history) {
    for (const posting of transaction.postings) {
      if (posting.cost === null && posting.price === null) continue;
      if (!isOwn(portfolio, posting.account)) continue;
      const paid = pricePaid(posting, transaction, ledger, rolesOf);
      if (paid === undefined) continue;
      const { currency: commodity, number } = posting.units;
      const booked = number.toDecimal().abs();
      if (booked.isZero()) continue;
      const days = trades.get(commodity) ?? new Map<IsoDate, TradedPrice>();
      trades.set(commodity, days);
      const before = days.get(transaction.date);
      if (before !== undefined && before.currency !== paid.currency) continue;
      days.set(transaction.date, {
        currency: paid.currency,
        worth: (before?.worth ?? ZERO).plus(booked.times(paid.number)),
        units: (before?.units ?? ZERO).plus(sizes.unitsOf(posting).abs()),
      });
    }
  }
  return trades;
}

function pricePaid(
  posting: Posting,
  transaction: Transaction,
  ledger: LedgerReader,
  rolesOf: RolesOf,
): { number: Decimal; currency: string } | undefined {
  if (comesBack(posting, transaction)) return undefined;
  const { price, cost, units } = posting;
  if (price !== null) return { number: price.number.toDecimal(), currency: price.currency };
  if (cost === null || cost.date !== transaction.date || units.number.toDecimal().isNegative())
    return undefined;
  const forMoney = transaction.postings.some((other) => {
    if (other.cost !== null || other.units.currency === units.currency) return false;
    const { kind } = ledger.account(other.account);
    return kind === 'assets' || kind === 'liabilities';
  });
  const forIncome = (): boolean =>
    rolesOf(transaction).some(({ role }) => role === 'dividend' || role === 'interest');
  return forMoney || forIncome() ? { number: cost.number.toDecimal(), currency: cost.currency } : undefined;
}

/** Units of the commodity leave and come in the same entry: a move, a split or an exchange, at no price. */
function comesBack({ units }: Posting, { postings }: Transaction): boolean {
  const sign = units.number.toDecimal().isNegative();
  return postings.some(
    (other) =>
      other.units.currency === units.currency && other.units.number.toDecimal().isNegative() !== sign,
  );
}
