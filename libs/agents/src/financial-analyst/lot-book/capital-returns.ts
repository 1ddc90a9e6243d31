import { Decimal, ZERO } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import type { Lack, OpenParcel } from '@dawsos/portfolio-math';
import { metaText, namedCommodity } from '../holdings';
import { isLack } from './base-rates';
import type { BookState } from './book-state';
import type { Carried } from './changes';
import { disposal, type OpenDisposal } from './disposals';
import { entryAmounts } from './entry-amounts';
import { sumOf } from './legs';

/** Money lessens the basis by the same amount a unit; what is beyond a parcel's basis is its gain. */
export function returnCapital(
  parcels: readonly OpenParcel[],
  { returned, currency }: Pick<Carried, 'returned' | 'currency'>,
  transaction: Transaction,
  { inBase, inventory }: BookState,
): { readonly parcels: OpenParcel[]; readonly disposals: OpenDisposal[] } {
  const disposals: OpenDisposal[] = [];
  const total = sumOf(parcels, ({ units }) => units);
  const base = inBase(returned, currency, transaction.date);
  const lessened = parcels.map((parcel): OpenParcel => {
    if (isLack(base)) return withoutBasis(parcel, base);
    const part = parcels.length === 1 ? base : base.times(parcel.units).div(total);
    if (parcel.basis === null) return parcel;
    const left = parcel.basis.plus(parcel.carried).minus(part);
    if (!left.isNegative()) {
      const fromBasis = Decimal.min(parcel.basis, part);
      const fromCarried = part.minus(fromBasis);
      const basis = parcel.basis.minus(fromBasis);
      const costs = Decimal.min(parcel.costs, basis);
      return { ...parcel, basis, costs, carried: parcel.carried.minus(fromCarried) };
    }
    const leg = inventory.legOf(parcel.pool);
    if (leg !== undefined) {
      const share = left.negated().div(part);
      disposals.push(
        disposal({
          kind: 'return_of_capital',
          transaction,
          leg,
          parcel,
          units: parcel.units,
          gross: returned.times(parcel.units).div(total).times(share),
          currency,
          proceeds: left.negated(),
          sellingCosts: ZERO,
          basis: ZERO,
        }),
      );
    }
    return { ...parcel, basis: ZERO, costs: ZERO, carried: ZERO };
  });
  return { parcels: lessened, disposals };
}

/** Money that lessens the basis of a commodity's lots in an entry that moves none. */
export interface ReturnedMoney {
  readonly transaction: Transaction;
  readonly commodity: string;
  readonly amount: Decimal;
  readonly currency: string;
}

/**
 * Metadata `event: "return_of_capital"` and `commodity` on an entry that moves no lot: its money lessens the basis of
 * the lots as they are, of the portfolio or of the accounts outside it, wherever the money came in.
 */
export function returnWithoutLots(
  transaction: Transaction,
  state: BookState,
): { readonly disposals: readonly OpenDisposal[]; readonly returns: readonly ReturnedMoney[] } {
  const named = namedCommodity(transaction.meta);
  if (metaText(transaction.meta, 'event') !== 'return_of_capital' || named === null) {
    return { disposals: [], returns: [] };
  }
  const returns: ReturnedMoney[] = [];
  const { pools, inventory, roles, context, isOwn } = state;
  const isOfPortfolio = transaction.postings.some(({ account }) => isOwn(account));
  const isSameSide = (pool: string): boolean => {
    const account = inventory.legOf(pool)?.account;
    return account !== undefined && isOwn(account) === isOfPortfolio;
  };
  const disposals: OpenDisposal[] = [];
  for (const currency of new Set(transaction.postings.map(({ units }) => units.currency))) {
    const { money } = entryAmounts(transaction, roles(transaction), currency, context.ledger);
    if (!money.greaterThan(ZERO)) continue;
    returns.push({ transaction, commodity: named, amount: money, currency });
    const parcels = pools.open().filter(({ commodity, pool }) => commodity === named && isSameSide(pool));
    const outcome = returnCapital(parcels, { returned: money, currency }, transaction, state);
    for (const [index, parcel] of parcels.entries()) {
      const lessened = outcome.parcels[index];
      if (lessened !== undefined) pools.replace(parcel, [lessened]);
    }
    disposals.push(...outcome.disposals);
  }
  return { disposals, returns };
}

export const withoutBasis = (parcel: OpenParcel, lack: Lack): OpenParcel => ({
  ...parcel,
  basis: null,
  lacks: [...parcel.lacks, lack],
});
