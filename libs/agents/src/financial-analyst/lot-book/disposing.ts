import { Decimal, ZERO } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import type { Lack, LossSale } from '@dawsos/portfolio-math';
import { isLack } from './base-rates';
import type { BookState } from './book-state';
import type { Change, Disposed, Fault } from './changes';
import { disposal, type OpenDisposal } from './disposals';
import type { EntryAmounts } from './entry-amounts';
import { expectedResult } from './explain';
import type { CostsOf } from './trade-costs';

/** What books may differ by from units × price for rounding, of each posting. */
const ROUNDING = new Decimal('0.011');

/** Takes what is disposed of out of the lots: a row for each history that its units have. */
export function dispose(
  change: Disposed,
  transaction: Transaction,
  costsOf: CostsOf,
  hidden: Decimal,
  { pools, inBase }: BookState,
): OpenDisposal[] {
  const { leg, kind, amount, currency } = change;
  const parcels = pools.take(leg.pool, leg.units);
  const costs = added(costsOf(change), inBase(hidden, currency, transaction.date));
  return parcels.map((parcel) => {
    const isAll = parcels.length === 1 && parcel.units.equals(leg.units);
    const share = (whole: Decimal): Decimal => (isAll ? whole : whole.times(parcel.units).div(leg.units));
    const gross = share(amount);
    const value = inBase(gross, currency, transaction.date);
    const ownCosts = isLack(costs) ? costs : share(costs);
    const shared = { transaction, leg, units: parcel.units, gross, currency };
    if (kind === 'sold') {
      const basis = parcel.basis && parcel.basis.plus(parcel.carried);
      return disposal({ kind: 'sale', ...shared, parcel, proceeds: value, sellingCosts: ownCosts, basis });
    }
    // The parcels of a short position hold what they were sold for; what closes them is the basis.
    const basis = added(value, ownCosts);
    const lacks = isLack(basis) ? [...parcel.lacks, basis] : parcel.lacks;
    return disposal({
      kind: 'cover',
      ...shared,
      parcel: { ...parcel, lacks },
      proceeds: parcel.basis ?? UNTOLD,
      sellingCosts: ZERO,
      basis: isLack(basis) ? null : basis,
    });
  });
}

const isDisposed = (change: Change): change is Disposed =>
  change.kind === 'sold' || change.kind === 'covered';

/** Stands for an amount whose reason is among its parcel's lacks already. */
const UNTOLD: Lack = { code: 'cost_missing', detail: 'what the short position was opened for is not known' };

const added = (one: Decimal | Lack, other: Decimal | Lack): Decimal | Lack =>
  isLack(one) ? one : isLack(other) ? other : one.plus(other);

/**
 * Pub. 550: what a short call brought joins the proceeds of the shares that it delivers, where the entry closes it
 * without a price; the call has no row of its own.
 */
export function joinPremiums(
  rows: readonly OpenDisposal[],
  joining: readonly OpenDisposal[],
): OpenDisposal[] {
  if (joining.length === 0) return [...rows];
  const sales = rows.filter(({ kind }) => kind === 'sale');
  const gross = sales.reduce((sum, row) => sum.plus(row.gross), ZERO);
  const premium = joining.reduce<Decimal | null>(
    (sum, { gain }) => (sum === null || gain === null ? null : sum.plus(gain)),
    ZERO,
  );
  const lacks = joining.flatMap((row) => row.lacks);
  return rows.map((row) => {
    if (row.kind !== 'sale') return row;
    const share = gross.isZero() ? ZERO : row.gross.div(gross);
    const proceeds = row.proceeds && premium && row.proceeds.plus(premium.times(share));
    return {
      ...row,
      proceeds,
      gain: proceeds && row.basis && proceeds.minus(row.basis),
      lacks: [...row.lacks, ...lacks],
    };
  });
}

/** A sale at a loss in the portfolio's taxed accounts, which a purchase may wash. */
export function lossOf(row: OpenDisposal, { isOwn }: BookState): LossSale[] {
  const { kind, gain, parcel, transaction, leg } = row;
  if (kind !== 'sale' || gain?.isNegative() !== true || parcel.deferred || !isOwn(leg.account)) return [];
  const { commodity, identity, origin, epoch, heldFrom, units } = parcel;
  const sale = { date: transaction.date, commodity, identity, origin, epoch, heldFrom, units };
  return [{ ...sale, loss: gain.negated(), replaced: (by) => row.replacements.push(by) }];
}

/**
 * What came for units sold at a price is the truth where it differs from the price: the rest is a cost of selling,
 * booked in the result. It is told where the entry balances in one currency and does nothing else.
 */
export function hiddenCosts(
  changes: readonly Change[],
  amountsIn: (currency: string) => EntryAmounts,
): { readonly of: (change: Change) => Decimal; readonly fault: Fault | null } {
  const none = { of: () => ZERO, fault: null };
  const disposed = changes.filter(isDisposed);
  const [first] = disposed;
  if (first === undefined || disposed.length < changes.length) return none;
  const { currency } = first;
  const isOne = disposed.every(
    ({ leg, currency: own }) =>
      leg.posting.price !== null && own === currency && leg.cost.currency === currency,
  );
  if (!isOne) return none;
  const { result, unclassified, hasEquity, hasPay, hasExpenses } = amountsIn(currency);
  if (unclassified.length > 0 || hasEquity || hasPay || hasExpenses) return none;
  const legs = disposed.map(({ leg }) => leg);
  const total = result.minus(expectedResult(legs, currency));
  const value = disposed.reduce((sum, { amount }) => sum.plus(amount), ZERO);
  if (value.isZero() || total.abs().lessThanOrEqualTo(ROUNDING.times(legs.length))) return none;
  return {
    of: (change) => ('amount' in change ? total.times(change.amount).div(value) : ZERO),
    fault: {
      code: 'sale_price_differs',
      commodity: first.leg.commodity,
      detail:
        `what is booked for ${first.leg.commodity} differs by ${total.toFixed()} ${currency} from units × price; ` +
        'the gain follows what is booked',
    },
  };
}
