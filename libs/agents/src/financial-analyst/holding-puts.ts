import { isDawsosError, ZERO, type Decimal } from '@dawsos/contracts';
import type { Posting, Transaction, UnitSizes } from '@dawsos/ledger';
import type { CapabilityContext } from '../capability';
import { isOwn } from './holdings';
import type { Carried } from './lot-book/changes';
import { costOf, type Leg } from './lot-book/legs';
import { lotBook, type LegChange, type LotBook } from './lot-book/lot-book';
import { rateToBase } from './market-history';

/** What was put into one holding by an entry, in base currency; null where a price or a rate is missing. */
export interface HoldingPut {
  readonly transaction: Transaction;
  readonly value: Decimal | null;
}

export interface PutSetting {
  readonly context: CapabilityContext;
  readonly sizes: UnitSizes;
  /** In base currency on the entry's day, of a unit of the as-of day. */
  price(commodity: string, transaction: Transaction): Decimal | null;
}

/**
 * What the entries of a history put into a holding, negative for what they took out: trades at what was paid, without
 * costs; what comes or goes in kind at the market. A move and a split put in nothing. In an exchange or a spin-off what
 * comes is put in at the market (at its booked cost where it has no price), and taken out of what it comes from.
 * Capital that is returned is taken out; income that joins the cost of the lots is put in.
 */
export function putsOf(
  commodity: string,
  history: readonly Transaction[],
  setting: PutSetting,
): HoldingPut[] {
  const book = lotBook(setting.context);
  const portfolio = setting.context.ledger.portfolio();
  return history.flatMap((transaction): HoldingPut[] => {
    const parts: (Decimal | null)[] = [];
    const carried = new Set<Carried>();
    for (const posting of transaction.postings) {
      if (!isOwn(portfolio, posting.account)) continue;
      const changes = book.changesOf.get(posting) ?? [];
      for (const { change } of changes) if ('from' in change) carried.add(change);
      if (posting.units.currency === commodity) {
        parts.push(...postingPuts(posting, changes, transaction, setting));
      }
    }
    for (const change of carried) parts.push(...carriedPuts(change, commodity, transaction, setting));
    parts.push(...returnPuts(book, commodity, transaction, setting));
    return parts.length === 0 ? [] : [{ transaction, value: total(parts) }];
  });
}

function postingPuts(
  posting: Posting,
  changes: readonly LegChange[],
  transaction: Transaction,
  setting: PutSetting,
): (Decimal | null)[] {
  const { price, units } = posting;
  if (changes.length > 0) return changes.map((one) => legPut(one, transaction, setting));
  const atMarket = (): Decimal | null =>
    product(setting.sizes.unitsOf(posting), setting.price(units.currency, transaction));
  if (price === null) return [atMarket()];
  return [
    inBase(units.number.toDecimal().times(price.number.toDecimal()), price.currency, transaction, setting),
  ];
}

function legPut({ leg, change }: LegChange, transaction: Transaction, setting: PutSetting): Decimal | null {
  switch (change.kind) {
    case 'sold':
    case 'shorted':
      return inBase(change.amount.negated(), change.currency, transaction, setting);
    case 'bought':
    case 'covered':
      return inBase(change.amount, change.currency, transaction, setting);
    case 'spin_off':
    case 'merger':
    case 'exercise':
      return ZERO;
    default:
      return atMarket(leg, transaction, setting);
  }
}

/** A leg's units at the day's market: they leave negative. */
function atMarket({ posting, units }: Leg, transaction: Transaction, setting: PutSetting): Decimal | null {
  const { number, currency } = posting.units;
  const whole = number.toDecimal();
  const part = setting.sizes.unitsOf(posting).times(units).div(whole.abs());
  return product(part, setting.price(currency, transaction));
}

/** What an exchange moves from one holding to another, and what of it was paid in money. */
function carriedPuts(
  change: Carried,
  commodity: string,
  transaction: Transaction,
  setting: PutSetting,
): (Decimal | null)[] {
  const { currency, inLieu, added, returned, kind } = change;
  const money = (amount: Decimal): Decimal | null => inBase(amount, currency, transaction, setting);
  const [parent] = change.from;
  const isParent = parent?.commodity === commodity;
  if (kind !== 'spin_off' && kind !== 'merger' && kind !== 'exercise') {
    if (!isParent) return [];
    // The fraction counts at what it was paid out for, not at the market.
    const fraction = inLieu === null ? ZERO : inLieu.units;
    const market = fraction.isZero() ? ZERO : product(fraction, setting.price(commodity, transaction));
    return [market, money((inLieu?.proceeds ?? ZERO).negated()), money(added), money(returned.negated())];
  }
  const gone = new Set(change.from.map((leg) => leg.commodity));
  const children = change.to.filter((leg) => !gone.has(leg.commodity));
  const portfolio = setting.context.ledger.portfolio();
  const own = children.filter((leg) => isOwn(portfolio, leg.account));
  const worth = (leg: Leg): Decimal | null =>
    setting.price(leg.commodity, transaction) === null
      ? money(costOf(leg))
      : atMarket(leg, transaction, setting);
  const put = own.filter((leg) => leg.commodity === commodity).map(worth);
  if (!isParent) return put;
  const taken = own.map((leg) => worth(leg)?.negated() ?? null);
  return [...put, ...taken, money(added), money((inLieu?.proceeds ?? ZERO).negated())];
}

function returnPuts(
  { returns }: LotBook,
  commodity: string,
  transaction: Transaction,
  setting: PutSetting,
): (Decimal | null)[] {
  return returns
    .filter((one) => one.transaction.location === transaction.location && one.commodity === commodity)
    .map(({ amount, currency }) => inBase(amount.negated(), currency, transaction, setting));
}

function inBase(
  amount: Decimal,
  currency: string,
  { date }: Transaction,
  { context }: PutSetting,
): Decimal | null {
  if (amount.isZero()) return ZERO;
  try {
    return amount.times(rateToBase(currency, date, context));
  } catch (error) {
    if (isDawsosError(error) && error.code === 'rate_missing') return null;
    throw error;
  }
}

const product = (one: Decimal, other: Decimal | null): Decimal | null =>
  one.isZero() ? ZERO : other && one.times(other);

const total = (values: readonly (Decimal | null)[]): Decimal | null =>
  values.reduce<Decimal | null>(
    (sum, value) => (sum === null || value === null ? null : sum.plus(value)),
    ZERO,
  );
