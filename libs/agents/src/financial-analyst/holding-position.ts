import { ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { totalValue, valueLots, type ValuedLot } from './apply-pack';
import { DateField, decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { CommodityField, requireHeld } from './held-commodity';
import { metaText, transactions } from './holdings';
import { lotRows } from './ledger-positions';
import { rateToBase } from './market-history';

const HeldLotSchema = z.object({
  account: z.string(),
  acquired: DateField.nullable(),
  label: z.string().nullable(),
  units: DecimalField,
  unit_cost: DecimalField.nullable(),
  cost_currency: z.string().nullable(),
  cost: DecimalField.nullable(),
  value: DecimalField.describe('In base currency.'),
  gain: DecimalField.nullable().describe('local value − cost, in the currency of both.'),
  cost_base: DecimalField.nullable().describe('At the rate of the day of the acquisition.'),
  gain_base: DecimalField.nullable(),
});
type HeldLot = z.infer<typeof HeldLotSchema>;

export const holdingPosition = defineCapability({
  name: 'holding.position',
  description:
    'One holding at the close of the as-of date: quantity, price, value, weight, cost and unrealised gain, and its lots. ' +
    'The gain in base currency counts the cost at the rate of the day of each acquisition.',
  args: z.strictObject({ commodity: CommodityField }),
  result: z.object({
    asof_date: DateField,
    base_currency: z.string(),
    commodity: z.string(),
    name: z.string().nullable(),
    sector: z.string().nullable(),
    asset_class: z.string().nullable(),
    quantity: DecimalField,
    price: DecimalField.nullable().describe('Null where nothing is held any more.'),
    price_currency: z.string().nullable(),
    price_date: DateField.nullable(),
    rate: DecimalField.nullable(),
    value: DecimalField.describe('In base currency.'),
    weight: DecimalField.nullable(),
    cost_base: DecimalField.nullable().describe('Null where a lot has no cost, or no day to convert it at.'),
    unrealised_gain_base: DecimalField.nullable(),
    unrealised_gain_fraction: DecimalField.nullable().describe('Of cost_base.'),
    lots: z.array(HeldLotSchema),
  }),
  run: ({ commodity }, context) => {
    const { ledger, asofDate } = context;
    requireHeld(commodity, transactions(ledger.entries({ to: asofDate })), ledger.portfolio());
    const all = valueLots(lotRows(context), context);
    const held = all.filter(({ lot }) => lot.commodity === commodity);
    const [first] = held;
    const meta = ledger.commodity(commodity);
    const value = totalValue(held);
    const lots = held.map((lot) => ({ lot, costBase: costBase(lot, context) }));
    const cost = lots.reduce<Decimal | null>(
      (sum, { costBase: one }) => (sum === null || one === null ? null : sum.plus(one)),
      ZERO,
    );
    return {
      asof_date: asofDate,
      base_currency: ledger.portfolio().baseCurrency,
      commodity,
      name: metaText(meta, 'name'),
      sector: metaText(meta, 'sector'),
      asset_class: metaText(meta, 'asset_class'),
      quantity: figure(held.reduce((sum, { lot }) => sum.plus(decimal(lot.units)), ZERO)),
      price: figureOrNull(first?.price ?? null),
      price_currency: first?.currency ?? null,
      price_date: first?.date ?? null,
      rate: figureOrNull(first?.rate ?? null),
      value: figure(value),
      weight: figureOrNull(weight(value, totalValue(all))),
      cost_base: figureOrNull(cost),
      unrealised_gain_base: figureOrNull(cost && value.minus(cost)),
      unrealised_gain_fraction: figureOrNull(cost && weight(value.minus(cost), cost)),
      lots: lots.map(({ lot, costBase: one }) => lotRow(lot, one)),
    };
  },
});

/** @throws DawsosError `rate_missing`, for the day of the acquisition. */
function costBase({ lot }: ValuedLot, context: CapabilityContext): Decimal | null {
  const { cost } = lot;
  if (cost === null) return null;
  const local = decimal(lot.units).times(decimal(cost.number));
  if (cost.currency === context.ledger.portfolio().baseCurrency) return local;
  return cost.date === null ? null : local.times(rateToBase(cost.currency, cost.date as IsoDate, context));
}

function lotRow({ lot, currency, localValue, value }: ValuedLot, base: Decimal | null): HeldLot {
  const cost = lot.cost && decimal(lot.units).times(decimal(lot.cost.number));
  return {
    account: lot.account,
    acquired: lot.cost?.date ?? null,
    label: lot.cost?.label ?? null,
    units: figure(decimal(lot.units)),
    unit_cost: lot.cost && figure(decimal(lot.cost.number)),
    cost_currency: lot.cost?.currency ?? null,
    cost: figureOrNull(cost),
    value: figure(value),
    gain: cost !== null && lot.cost?.currency === currency ? figure(localValue.minus(cost)) : null,
    cost_base: figureOrNull(base),
    gain_base: figureOrNull(base && value.minus(base)),
  };
}
