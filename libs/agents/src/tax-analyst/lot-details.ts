import { Decimal, ZERO, type IsoDate } from '@dawsos/contracts';
import { holdingTerm, longTermFrom, type OpenParcel } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { valueLots, type ValuedLot } from '../financial-analyst/apply-pack';
import { DateField, decimal, DecimalField, figure } from '../financial-analyst/decimal-fields';
import { lotRows } from '../financial-analyst/ledger-positions';
import { TermField } from './realised-gains';
import { poolOf, taxHistory, type TaxHistory } from './tax-history';
import { rateToBase } from '../financial-analyst/market-history';

export const TaxLotSchema = z.object({
  account: z.string(),
  commodity: z.string(),
  name: z.string().nullable(),
  acquired: DateField.nullable(),
  label: z.string().nullable(),
  held_from: DateField.nullable(),
  term: TermField.describe('Of a sale on the as-of date.'),
  long_term_from: DateField.nullable(),
  units: DecimalField,
  unit_cost: DecimalField,
  cost_currency: z.string(),
  price: DecimalField,
  price_currency: z.string(),
  price_date: DateField.nullable(),
  basis_base: DecimalField.describe('Cost, purchase costs and what wash sales added.'),
  wash_basis_base: DecimalField.describe('Of the basis, what wash sales added.'),
  value_base: DecimalField.describe('At the market, before the costs of selling.'),
  gain_base: DecimalField.describe('value_base − basis_base.'),
});
export type TaxLot = z.infer<typeof TaxLotSchema>;

export const lotDetails = defineCapability({
  name: 'tax.lot_details',
  description:
    'The open lots at the close of the as-of date with their tax basis, unrealised gain and term; a lot of which a ' +
    'wash sale changed a part stands in two rows.',
  args: z.strictObject({}),
  result: z.object({
    asof_date: DateField,
    base_currency: z.string(),
    lots: z.array(TaxLotSchema),
    without_cost: z
      .array(z.string())
      .describe('Commodities held without a cost: no gain can be told. Cash aside.'),
  }),
  run: (_args, context) => {
    const history = taxHistory(context);
    const held = valueLots(lotRows(context), context).filter(
      ({ lot, currency }) => lot.commodity !== currency,
    );
    const parcels = parcelsByPool(history.open);
    return {
      asof_date: context.asofDate,
      base_currency: context.ledger.portfolio().baseCurrency,
      lots: held.flatMap((valued) => rows(valued, parcels, history, context)),
      without_cost: [
        ...new Set(held.filter(({ lot }) => lot.cost === null).map(({ lot }) => lot.commodity)),
      ].sort(),
    };
  },
});

function parcelsByPool(open: readonly OpenParcel[]): Map<string, OpenParcel[]> {
  const byPool = new Map<string, OpenParcel[]>();
  for (const parcel of open) byPool.set(parcel.pool, [...(byPool.get(parcel.pool) ?? []), parcel]);
  return byPool;
}

/** A row for each history that the lot's units have, taking the pool's parcels from its front. */
function rows(
  valued: ValuedLot,
  parcels: Map<string, OpenParcel[]>,
  history: TaxHistory,
  context: CapabilityContext,
): TaxLot[] {
  const { lot } = valued;
  const { cost } = lot;
  const units = decimal(lot.units);
  if (cost === null || !units.isPositive()) return [];
  const pool = poolOf({ commodity: lot.commodity, cost });
  const [mine, rest] = takeFront(parcels.get(pool) ?? [], units);
  parcels.set(pool, rest);
  const rate = rateToBase(cost.currency, (cost.date ?? context.asofDate) as IsoDate, context);
  const basisPerUnit = decimal(cost.number).times(rate).plus(history.purchaseCosts(pool));
  return mine.map((parcel): TaxLot => {
    const basis = parcel.units.times(basisPerUnit).plus(parcel.carried);
    const value = parcel.units.times(valued.price).times(valued.rate);
    return {
      account: lot.account,
      commodity: lot.commodity,
      name: lot.name,
      acquired: cost.date,
      label: cost.label,
      held_from: parcel.heldFrom,
      term: parcel.heldFrom && holdingTerm(parcel.heldFrom, context.asofDate),
      long_term_from: parcel.heldFrom && longTermFrom(parcel.heldFrom),
      units: figure(parcel.units),
      unit_cost: figure(decimal(cost.number)),
      cost_currency: cost.currency,
      price: figure(valued.price),
      price_currency: valued.currency,
      price_date: valued.date,
      basis_base: figure(basis),
      wash_basis_base: figure(parcel.carried),
      value_base: figure(value),
      gain_base: figure(value.minus(basis)),
    };
  });
}

function takeFront(parcels: readonly OpenParcel[], units: Decimal): [OpenParcel[], OpenParcel[]] {
  const [mine, rest]: [OpenParcel[], OpenParcel[]] = [[], []];
  let wanted = units;
  for (const parcel of parcels) {
    const taken = Decimal.min(parcel.units, wanted);
    const carried = parcel.units.equals(taken)
      ? parcel.carried
      : parcel.carried.times(taken).div(parcel.units);
    if (taken.greaterThan(ZERO)) mine.push({ ...parcel, units: taken, carried });
    if (parcel.units.greaterThan(taken)) {
      rest.push({ ...parcel, units: parcel.units.minus(taken), carried: parcel.carried.minus(carried) });
    }
    wanted = wanted.minus(taken);
  }
  return [mine, rest];
}
