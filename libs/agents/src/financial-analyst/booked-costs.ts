import type { Decimal, IsoDate } from '@dawsos/contracts';
import { unitSizes } from '@dawsos/ledger';
import type { Lack } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { exact } from './decimal-fields';
import { isOwn, transactions } from './holdings';
import type { LotRow } from './ledger-positions';
import { lotBook } from './lot-book/lot-book';

/** What the lot book knows of the portfolio's lots. */
export interface BookedCosts {
  of(lot: LotRow): { readonly cost: Decimal | null; readonly acquired: IsoDate | null } | undefined;
  /** Why a cost of the commodity cannot be told. */
  lacksOf(commodity: string): readonly Lack[];
}

export function bookedCosts(context: CapabilityContext): BookedCosts {
  const { ledger, asofDate } = context;
  const portfolio = ledger.portfolio();
  const book = lotBook(context);
  const history = transactions(ledger.entries({ to: asofDate }));
  // The rows are in the as-of day's units, should an account book a split later than others.
  const sizes = unitSizes(history, (name) => ledger.facts(name), asofDate);
  const lots = new Map<string, { cost: Decimal | null; acquired: IsoDate | null }>();
  const lacks = new Map<string, Lack[]>();
  for (const parcel of book.open) {
    const leg = book.legOf(parcel.pool);
    if (leg === undefined || !isOwn(portfolio, leg.account)) continue;
    const { account, commodity } = leg;
    lacks.set(commodity, [...(lacks.get(commodity) ?? []), ...parcel.lacks]);
    const paid = parcel.basis && parcel.basis.minus(parcel.costs);
    const own = paid && (leg.side === 'short' ? paid.negated() : paid);
    const number = leg.cost.number.toDecimal().div(sizes.atEnd(account, commodity));
    const key = keyOf({ account, commodity, cost: { ...leg.cost, number: exact(number) } });
    const known = lots.get(key);
    lots.set(key, {
      cost: known === undefined ? own : known.cost && own && known.cost.plus(own),
      acquired: known === undefined || known.acquired === parcel.acquired ? parcel.acquired : leg.cost.date,
    });
  }
  return {
    of: (lot) => lots.get(keyOf(lot)),
    lacksOf: (commodity) => lacks.get(commodity) ?? [],
  };
}

function keyOf({ account, commodity, cost }: Pick<LotRow, 'account' | 'commodity' | 'cost'>): string {
  return JSON.stringify([account, commodity, cost?.number, cost?.currency, cost?.date, cost?.label]);
}
