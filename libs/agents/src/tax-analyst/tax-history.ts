import { DawsosError, ONE, ZERO, type Decimal } from '@dawsos/contracts';
import {
  taxedLots,
  type LotEvent,
  type LotSold,
  type OpenParcel,
  type TaxedSale,
} from '@dawsos/portfolio-math';
import { unitSizes } from '@dawsos/ledger';
import type { CapabilityContext, LedgerReader } from '../capability';
import { metaText, transactions } from '../financial-analyst/holdings';
import { lotMovements, type LotMovement } from '../financial-analyst/lot-movements';
import { rateToBase } from '../financial-analyst/market-history';
import { tradingCosts } from './trading-costs';

/** A sale of units of one lot, or the part of it whose units have one history. */
export interface Sale {
  readonly movement: LotMovement;
  /** Of `movement`, the share that this part is. */
  readonly share: Decimal;
  readonly sellingCostsBase: Decimal;
  /** Cost and purchase costs, before what wash sales carried. */
  readonly taxed: TaxedSale;
}

export interface TaxHistory {
  readonly movements: readonly LotMovement[];
  readonly sales: readonly Sale[];
  readonly open: readonly OpenParcel[];
  /** Lots of which more left than was there. */
  readonly uncovered: readonly LotMovement[];
  /** Base currency per today's unit: the costs of buying the lots of a pool. */
  readonly purchaseCosts: (pool: string) => Decimal;
}

interface LotName {
  readonly commodity: string;
  readonly cost: { readonly date: string | null; readonly currency: string; readonly label: string | null };
}

/** Units that were acquired together keep one pool through transfers and splits. */
export function poolOf({ commodity, cost }: LotName): string {
  return JSON.stringify([commodity, cost.date, cost.currency, cost.label]);
}

/** Substantially identical: the same commodity, or the same `substantially_identical` in its metadata. */
export function identityOf(commodity: string, ledger: LedgerReader): string {
  const group = metaText(ledger.commodity(commodity), 'substantially_identical');
  return group === null ? `commodity ${commodity}` : `group ${group}`;
}

/**
 * The portfolio's lots up to the as-of date as the tax rules see them, in base currency.
 *
 * Proceeds are units × the posting's price. The costs of selling (the expenses of the sale's transaction) lessen
 * them, those of buying join the basis: IRS Publication 550, "Basis and amount realized", and 551. A foreign amount
 * counts at the rate of its day, the sale's for proceeds and the acquisition's for the basis (IRS, "Foreign currency
 * and currency exchange rates").
 *
 * @throws DawsosError `rate_missing`: no rate is 1 for want of one.
 */
export function taxHistory(context: CapabilityContext): TaxHistory {
  const { ledger, asofDate } = context;
  const history = transactions(ledger.entries({ to: asofDate }));
  const movements = lotMovements(
    history,
    ledger.portfolio(),
    unitSizes(history, (commodity) => ledger.facts(commodity), asofDate),
  );
  const costs = tradingCosts(movements, context, poolOf);
  const events: LotEvent[] = [];
  const movementOf = new Map<LotSold, LotMovement>();
  const numberOf = new Map(movements.map(({ transaction }, index) => [transaction, index]));
  for (const movement of movements) {
    const pool = poolOf(movement);
    const units = movement.todaysUnits.abs();
    switch (movement.kind) {
      case 'moved':
        break;
      case 'bought':
      case 'received':
        events.push({
          type: 'acquired',
          pool,
          identity: identityOf(movement.commodity, ledger),
          acquired: movement.cost.date,
          purchased: movement.kind === 'bought',
          units,
        });
        break;
      case 'given':
        events.push({ type: 'removed', pool, units });
        break;
      case 'sold': {
        const sold: LotSold = {
          type: 'sold',
          transaction: numberOf.get(movement.transaction) ?? 0,
          pool,
          date: movement.transaction.date,
          units,
          proceeds: proceedsBase(movement, context).minus(costs.ofSale(movement)),
          basis: costBase(movement, context).plus(costs.perUnit(pool).times(units)),
        };
        movementOf.set(sold, movement);
        events.push(sold);
      }
    }
  }
  const lots = taxedLots(events);
  return {
    movements,
    sales: lots.sales.flatMap((taxed): Sale[] => {
      const movement = movementOf.get(taxed.sold);
      if (movement === undefined) return [];
      const share = taxed.units.equals(taxed.sold.units) ? ONE : taxed.units.div(taxed.sold.units);
      return [{ movement, share, taxed, sellingCostsBase: costs.ofSale(movement).times(share) }];
    }),
    open: lots.open,
    uncovered: firstOfEach(movements.filter((movement) => lots.uncovered.has(poolOf(movement)))),
    purchaseCosts: costs.perUnit,
  };
}

function firstOfEach(movements: readonly LotMovement[]): LotMovement[] {
  return [...new Map([...movements].reverse().map((one) => [poolOf(one), one])).values()].reverse();
}

function proceedsBase(movement: LotMovement, context: CapabilityContext): Decimal {
  const { price } = movement.posting;
  if (price === null) return ZERO;
  const local = movement.units.abs().times(price.number.toDecimal());
  return local.times(rateToBase(price.currency, movement.transaction.date, context));
}

/** What a movement's units cost, at the rate of the day of their acquisition. */
export function costBase(
  { cost, units, commodity }: Pick<LotMovement, 'cost' | 'units' | 'commodity'>,
  context: CapabilityContext,
): Decimal {
  const local = units.abs().times(cost.number.toDecimal());
  if (cost.currency === context.ledger.portfolio().baseCurrency) return local;
  if (cost.date !== null) return local.times(rateToBase(cost.currency, cost.date, context));
  throw new DawsosError(
    'rate_missing',
    `a lot of ${commodity} has no date, so its cost in ${cost.currency} has no day's rate; date the lot in the ledger`,
  );
}
