import { addDays, Decimal, ZERO, type IsoDate } from '@dawsos/contracts';
import { WASH_SALE_DAYS, type OpenParcel } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { DateField, decimal, DecimalField, figure } from '../financial-analyst/decimal-fields';
import { byText } from '../financial-analyst/holdings';
import { identityOf } from '../financial-analyst/lot-book/lot-book';
import { LossSchema, type Loss } from './identify-losses';
import { taxHistory, type TaxHistory } from './tax-history';

export const WashRiskSchema = z.object({
  account: z.string(),
  commodity: z.string(),
  acquired: DateField.nullable(),
  held_from: DateField.nullable(),
  units: DecimalField,
  risk: z
    .enum(['none', 'partial', 'full'])
    .describe('How much of the loss the purchases of the last 30 days would disallow.'),
  replaced_units: DecimalField,
  purchases: z.array(z.object({ commodity: z.string(), purchased: DateField, units: DecimalField })),
  clear_from: DateField.describe('The first day on which no purchase so far makes a sale a wash sale.'),
  buy_back_from: DateField.describe(
    'After a sale on the as-of date, the first day to buy without disallowing it.',
  ),
});

export const washSaleCheck = defineCapability({
  name: 'tax.wash_sale_check',
  description:
    'Whether selling each lot on the as-of date would be a wash sale: the substantially identical units bought in the ' +
    '30 days before, other than the lot itself and those that replace an earlier sale. Each lot is looked at alone.',
  args: z.strictObject({ losses: z.array(LossSchema) }),
  result: z.object({ window_days: z.int(), lots: z.array(WashRiskSchema) }),
  run: ({ losses }, context) => {
    const history = taxHistory(context);
    return { window_days: WASH_SALE_DAYS, lots: losses.map((lot) => riskOf(lot, history, context)) };
  },
});

interface Purchase {
  readonly commodity: string;
  readonly purchased: IsoDate;
  readonly units: Decimal;
}

function riskOf(lot: Loss, history: TaxHistory, context: CapabilityContext): z.infer<typeof WashRiskSchema> {
  const { asofDate } = context;
  const purchases = recentPurchases(lot, history, context);
  const units = decimal(lot.units);
  const bought = purchases.reduce((sum, purchase) => sum.plus(purchase.units), ZERO);
  const replaced = Decimal.min(bought, units);
  const newest = purchases.at(-1)?.purchased;
  return {
    account: lot.account,
    commodity: lot.commodity,
    acquired: lot.acquired,
    held_from: lot.held_from,
    units: lot.units,
    risk: replaced.isZero() ? 'none' : replaced.equals(units) ? 'full' : 'partial',
    replaced_units: figure(replaced),
    purchases: purchases.map((purchase) => ({ ...purchase, units: figure(purchase.units) })),
    clear_from: newest === undefined ? asofDate : addDays(newest, WASH_SALE_DAYS + 1),
    buy_back_from: addDays(asofDate, WASH_SALE_DAYS + 1),
  };
}

/** Bought within the window and still held, in the order of purchase; a lot does not replace itself. */
function recentPurchases(
  lot: Loss,
  { book, open }: TaxHistory,
  { ledger, asofDate }: CapabilityContext,
): Purchase[] {
  const identity = identityOf(lot.commodity, ledger);
  const isOfLot = ({ pool, heldFrom, acquired }: OpenParcel): boolean => {
    const leg = book.legOf(pool);
    return (
      leg?.account === lot.account &&
      leg.commodity === lot.commodity &&
      leg.cost.label === lot.label &&
      acquired === lot.acquired &&
      heldFrom === lot.held_from
    );
  };
  const own = new Set(open.filter(isOfLot).map(({ origin }) => origin));
  const purchases = new Map<string, Purchase>();
  for (const { commodity, purchased, units, replaces, origin, ...parcel } of open) {
    if (purchased === null || replaces || parcel.identity !== identity || own.has(origin)) continue;
    if (purchased < addDays(asofDate, -WASH_SALE_DAYS) || purchased > asofDate) continue;
    const known = purchases.get(origin)?.units ?? ZERO;
    purchases.set(origin, { commodity, purchased, units: known.plus(units) });
  }
  return [...purchases.values()].sort((a, b) => byText(a.purchased, b.purchased));
}
