import { ZERO, type Decimal } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { totalValue, valueLots, type ValuedLot } from './apply-pack';
import { bookedCosts, type BookedCosts } from './booked-costs';
import { DateField, decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { CommodityField, requireHeld } from './held-commodity';
import { metaText, transactions } from './holdings';
import { lotRows, type LotRow } from './ledger-positions';
import { figureOrGap, StatedGapSchema, type StatedGap } from './stated-gap';

const HeldLotSchema = z.object({
  account: z.string(),
  acquired: DateField.nullable(),
  label: z.string().nullable(),
  units: DecimalField,
  unit_cost: DecimalField.nullable(),
  cost_currency: z.string().nullable(),
  cost: DecimalField.nullable(),
  value: DecimalField.nullable().describe('In base currency.'),
  gain: DecimalField.nullable().describe('local value − cost, in the currency of both.'),
  cost_base: DecimalField.nullable().describe(
    'At the rate of the day of the acquisition, without the costs of buying; as splits, returns of capital and other events left it.',
  ),
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
    value: DecimalField.nullable().describe('In base currency.'),
    weight: DecimalField.nullable(),
    cost_base: DecimalField.nullable().describe('Null where a lot has no cost, or no day to convert it at.'),
    unrealised_gain_base: DecimalField.nullable(),
    unrealised_gain_fraction: DecimalField.nullable().describe('Of cost_base.'),
    lots: z.array(HeldLotSchema),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ commodity }, context) => {
    const { ledger, asofDate } = context;
    requireHeld(commodity, transactions(ledger.entries({ to: asofDate })), ledger.portfolio());
    const gaps: StatedGap[] = [];
    const rows = lotRows(context);
    const all = figureOrGap('weight', gaps, () => valueLots(rows, context));
    const held = rows.filter((lot) => lot.commodity === commodity);
    const valued = figureOrGap('value', gaps, () => valueLots(held, context));
    const first = valued?.[0];
    const meta = ledger.commodity(commodity);
    const value = valued && totalValue(valued);
    const costs = bookedCosts(context);
    const lots = held.map((lot, index) => lotRow(lot, valued?.[index] ?? null, costs));
    const cost = lots.reduce<Decimal | null>(
      (sum, { cost_base: one }) => (sum === null || one === null ? null : sum.plus(decimal(one))),
      ZERO,
    );
    for (const { code, detail } of costs.lacksOf(commodity)) gaps.push({ figure: 'cost_base', code, detail });
    return {
      asof_date: asofDate,
      base_currency: ledger.portfolio().baseCurrency,
      commodity,
      name: metaText(meta, 'name'),
      sector: metaText(meta, 'sector'),
      asset_class: metaText(meta, 'asset_class'),
      quantity: figure(held.reduce((sum, { units }) => sum.plus(decimal(units)), ZERO)),
      price: figureOrNull(first?.price ?? null),
      price_currency: first?.currency ?? null,
      price_date: first?.date ?? null,
      rate: figureOrNull(first?.rate ?? null),
      value: figureOrNull(value),
      weight: figureOrNull(value && all && weight(value, totalValue(all))),
      cost_base: figureOrNull(cost),
      unrealised_gain_base: figureOrNull(cost && value && value.minus(cost)),
      unrealised_gain_fraction: figureOrNull(cost && value && weight(value.minus(cost), cost)),
      lots,
      gaps: unique(gaps),
    };
  },
});

function lotRow(lot: LotRow, valued: ValuedLot | null, costs: BookedCosts): HeldLot {
  const cost = lot.cost && decimal(lot.units).times(decimal(lot.cost.number));
  const booked = costs.of(lot);
  const base = booked?.cost ?? null;
  const isOneCurrency = valued !== null && lot.cost?.currency === valued.currency;
  return {
    account: lot.account,
    acquired: booked?.acquired ?? lot.cost?.date ?? null,
    label: lot.cost?.label ?? null,
    units: figure(decimal(lot.units)),
    unit_cost: lot.cost && figure(decimal(lot.cost.number)),
    cost_currency: lot.cost?.currency ?? null,
    cost: figureOrNull(cost),
    value: figureOrNull(valued && valued.value),
    gain: cost !== null && isOneCurrency ? figure(valued.localValue.minus(cost)) : null,
    cost_base: figureOrNull(base),
    gain_base: figureOrNull(base && valued && valued.value.minus(base)),
  };
}

const unique = (gaps: readonly StatedGap[]): StatedGap[] => [
  ...new Map(gaps.map((gap) => [JSON.stringify(gap), gap])).values(),
];
