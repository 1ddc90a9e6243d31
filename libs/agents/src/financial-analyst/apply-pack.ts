import { ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { DateField, decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { LotSchema, type LotRow } from './ledger-positions';
import { rateToBase, requireUnitPrice } from './market-history';
import { figureOrGap, gapsFor, StatedGapSchema, type StatedGap } from './stated-gap';

export const ValuedLotSchema = LotSchema.extend({
  price: DecimalField.nullable().describe('Of one unit, in price_currency; 1 for money.'),
  price_currency: z.string().nullable(),
  price_date: DateField.nullable().describe('Null for money.'),
  rate: DecimalField.nullable().describe('Base currency per unit of price_currency.'),
  local_value: DecimalField.nullable().describe('units × price, in price_currency.'),
  value: DecimalField.nullable().describe('local_value × rate, in base currency.'),
  weight: DecimalField.nullable().describe('value / total value; null where the total is zero or not known.'),
});

interface UnitPrice {
  readonly price: Decimal;
  readonly currency: string;
  readonly date: IsoDate | null;
}

export interface ValuedLot extends UnitPrice {
  readonly lot: LotRow;
  readonly rate: Decimal;
  readonly localValue: Decimal;
  readonly value: Decimal;
}

/**
 * Each lot at the pack's price and rate of the as-of date.
 * @throws DawsosError `price_missing`, `rate_missing`: for want of one no lot is worth 0 and no rate is 1.
 */
export function valueLots(lots: readonly LotRow[], context: CapabilityContext): ValuedLot[] {
  const { asofDate } = context;
  const known = new Map<string, UnitPrice & { readonly rate: Decimal }>();
  return lots.map((lot) => {
    const { rate, ...unit } = known.get(lot.commodity) ?? priced(lot.commodity);
    known.set(lot.commodity, { rate, ...unit });
    const localValue = decimal(lot.units).times(unit.price);
    return { ...unit, lot, rate, localValue, value: localValue.times(rate) };
  });

  function priced(commodity: string): UnitPrice & { readonly rate: Decimal } {
    const unit = unitPrice(commodity, context);
    return { ...unit, rate: rateToBase(unit.currency, asofDate, context) };
  }
}

function unitPrice(commodity: string, context: CapabilityContext): UnitPrice {
  if (commodity === context.ledger.portfolio().baseCurrency) {
    return { price: ONE, currency: commodity, date: null };
  }
  const { number, currency, date } = requireUnitPrice(commodity, context.asofDate, context);
  return { price: number, currency, date };
}

export function totalValue(lots: readonly { readonly value: Decimal }[]): Decimal {
  return lots.reduce((sum, { value }) => sum.plus(value), ZERO);
}

/** A lot at what is known of its price and rate; null where the pack does not tell. */
export interface PricedLot {
  readonly lot: LotRow;
  readonly price: Decimal | null;
  readonly currency: string | null;
  readonly date: IsoDate | null;
  readonly rate: Decimal | null;
  readonly localValue: Decimal | null;
  readonly value: Decimal | null;
}

/** Each lot at the pack's price and rate; what cannot be told is null, with a gap of its commodity's row. */
export function priceLots(
  lots: readonly LotRow[],
  context: CapabilityContext,
  gaps: StatedGap[],
): PricedLot[] {
  const { asofDate } = context;
  const known = new Map<string, { unit: UnitPrice | null; rate: Decimal | null }>();
  const priced = (commodity: string): { unit: UnitPrice | null; rate: Decimal | null } => {
    const figureName = `value of ${commodity}`;
    const unit = figureOrGap(figureName, gaps, () => unitPrice(commodity, context), 'row');
    const rate =
      unit && figureOrGap(figureName, gaps, () => rateToBase(unit.currency, asofDate, context), 'row');
    return { unit, rate };
  };
  return lots.map((lot): PricedLot => {
    const found = known.get(lot.commodity) ?? priced(lot.commodity);
    known.set(lot.commodity, found);
    const { unit, rate } = found;
    const localValue = unit && decimal(lot.units).times(unit.price);
    return {
      lot,
      price: unit && unit.price,
      currency: unit && unit.currency,
      date: unit && unit.date,
      rate,
      localValue,
      value: localValue && rate && localValue.times(rate),
    };
  });
}

/** A total is null where a part of it is; the partial total is that of the known parts, and says of how many. */
export interface PartialTotal {
  readonly total: Decimal | null;
  readonly partial: Decimal;
  readonly known: number;
  readonly of: number;
}

export function partialTotal(values: readonly (Decimal | null)[]): PartialTotal {
  const known = values.filter((value) => value !== null);
  const partial = known.reduce((sum, value) => sum.plus(value), ZERO);
  const isWhole = known.length === values.length;
  return { total: isWhole ? partial : null, partial, known: known.length, of: values.length };
}

/** A total that is null, for the reasons of the parts that are. */
export function totalGaps({ total }: PartialTotal, parts: readonly StatedGap[]): StatedGap[] {
  if (total !== null) return [];
  return gapsFor(['total_value', 'weight'], parts).map((gap) => ({ ...gap, scope: 'portfolio' }));
}

export const PartialTotalSchema = z
  .object({ value: DecimalField, known: z.int(), of: z.int() })
  .nullable()
  .describe('Where the total is null: the sum of what is known, and of how many parts it is.');

export const partialRow = ({
  total,
  partial,
  known,
  of,
}: PartialTotal): z.infer<typeof PartialTotalSchema> =>
  total === null ? { value: figure(partial), known, of } : null;

/** Lots of what the ledger calls a counter (hours, allowances) have no value and are left out, by name. */
export function withoutCounters(
  lots: readonly LotRow[],
  { ledger }: CapabilityContext,
): { readonly lots: LotRow[]; readonly leftOut: string[] } {
  const isCounter = (commodity: string): boolean => ledger.facts(commodity).isCounter;
  const leftOut = [...new Set(lots.map(({ commodity }) => commodity))].filter(isCounter).sort();
  return { lots: lots.filter(({ commodity }) => !leftOut.includes(commodity)), leftOut };
}

export const applyPack = defineCapability({
  name: 'pricing.apply_pack',
  description: 'Values lots at the prices and rates of the pack on the as-of date, with their weights.',
  args: z.strictObject({ positions: z.array(LotSchema), base_currency: BaseCurrencyField }),
  result: z.object({
    asof_date: DateField,
    base_currency: z.string(),
    total_value: DecimalField.nullable(),
    partial_total: PartialTotalSchema,
    positions: z.array(ValuedLotSchema),
    left_out: z.array(z.string()).describe('Counters, which have no value.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ positions, base_currency }, given) => {
    const context = reportedIn(given, base_currency);
    const gaps: StatedGap[] = [];
    const { lots, leftOut } = withoutCounters(positions, context);
    const valued = priceLots(lots, context, gaps);
    const sum = partialTotal(valued.map(({ value }) => value));
    gaps.push(...totalGaps(sum, gaps));
    return {
      asof_date: context.asofDate,
      base_currency: context.ledger.portfolio().baseCurrency,
      total_value: figureOrNull(sum.total),
      partial_total: partialRow(sum),
      positions: valued.map(({ lot, price, currency, date, rate, localValue, value }) => ({
        ...lot,
        price: figureOrNull(price),
        price_currency: currency,
        price_date: date,
        rate: figureOrNull(rate),
        local_value: figureOrNull(localValue),
        value: figureOrNull(value),
        weight: figureOrNull(value && sum.total && weight(value, sum.total)),
      })),
      left_out: leftOut,
      gaps,
    };
  },
});
