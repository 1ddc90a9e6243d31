import { daysBetween, isoDate, ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { DateField, decimal, DecimalField, exact, figure, figureOrNull } from './decimal-fields';
import { LotSchema, type LotRow } from './ledger-positions';
import { isMoney, rateToBase, requireUnitPrice } from './market-history';
import { requireOneUnit } from './unit-size';
import { figureOrGap, gapsFor, StatedGapSchema, type StatedGap } from './stated-gap';

/** How old what a value rests on is, and the way that it is converted. */
export const AgeFields = {
  rate_date: DateField.nullable().describe('Of the oldest link; null in base currency.'),
  route: z
    .array(z.string())
    .nullable()
    .describe('What the value is stated in, from the quote to the base currency.'),
  age_days: z
    .int()
    .nullable()
    .describe('Calendar days of the oldest quote or rate before the as-of date; 0 where none is needed.'),
};

export const ageRow = ({ rateDate, route, ageDays }: PricedLot) => ({
  rate_date: rateDate,
  route: route && [...route],
  age_days: ageDays,
});

export const ValuedLotSchema = LotSchema.extend({
  price: DecimalField.nullable().describe('Of one unit, in price_currency; 1 for money.'),
  price_currency: z.string().nullable(),
  price_date: DateField.nullable().describe('Null for money.'),
  rate: DecimalField.nullable().describe('Base currency per unit of price_currency.'),
  local_value: DecimalField.nullable().describe('units × price, in price_currency.'),
  value: DecimalField.nullable().describe('local_value × rate, in base currency.'),
  ...AgeFields,
  weight: DecimalField.nullable().describe('value / total value; null where the total is zero or not known.'),
});

interface UnitPrice {
  readonly price: Decimal;
  readonly currency: string;
  readonly date: IsoDate | null;
  /** What is no money and it is quoted in, before `currency`. */
  readonly quotedIn: readonly string[];
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
    return { price: ONE, currency: commodity, date: null, quotedIn: [] };
  }
  const { number, currency, date, quotes } = requireUnitPrice(commodity, context.asofDate, context);
  const quotedIn = quotes.map((quote) => quote.currency).filter((name) => name !== currency);
  return { price: number, currency, date, quotedIn };
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
  /** The day of the oldest link of the rate; null where none is needed. */
  readonly rateDate: IsoDate | null;
  /** What the value is stated in, from the quote to the base currency. */
  readonly route: readonly string[] | null;
  /** Calendar days of the oldest quote or rate before the as-of date. */
  readonly ageDays: number | null;
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
  const known = new Map<string, PricedUnit>();
  const priced = (commodity: string): PricedUnit => {
    const figureName = `value of ${commodity}`;
    const unit = figureOrGap(
      figureName,
      gaps,
      () => {
        requireUnitsOfTrades(commodity, lots, context);
        return unitPrice(commodity, context);
      },
      'row',
    );
    const rate = unit && figureOrGap(figureName, gaps, () => rateRow(unit.currency, context), 'row');
    return { unit, rate };
  };
  return lots.map((lot): PricedLot => {
    const found = known.get(lot.commodity) ?? priced(lot.commodity);
    known.set(lot.commodity, found);
    const { unit } = found;
    const rate = found.rate && found.rate.number;
    const rateDate = found.rate && found.rate.date;
    const oldest = [unit?.date, rateDate].filter((date) => date != null).sort()[0];
    const localValue = unit && decimal(lot.units).times(unit.price);
    return {
      lot,
      price: unit && unit.price,
      currency: unit && unit.currency,
      date: unit && unit.date,
      rate,
      rateDate,
      route: unit && found.rate && [...unit.quotedIn, ...found.rate.chain],
      ageDays: unit && rate && (oldest === undefined ? 0 : daysBetween(oldest, asofDate)),
      localValue,
      value: localValue && rate && localValue.times(rate),
    };
  });
}

interface PricedUnit {
  readonly unit: UnitPrice | null;
  readonly rate: RateRow | null;
}

/** Base currency per unit; no day and no chain but itself where it is the base currency. */
interface RateRow {
  readonly number: Decimal;
  readonly date: IsoDate | null;
  readonly chain: readonly string[];
}

function rateRow(currency: string, context: CapabilityContext): RateRow {
  const { pack, ledger, asofDate } = context;
  const { baseCurrency } = ledger.portfolio();
  if (currency === baseCurrency) return { number: ONE, date: null, chain: [currency] };
  const number = rateToBase(currency, asofDate, context);
  const point = pack.rate(currency, baseCurrency, asofDate);
  return { number, date: point?.date ?? null, chain: point?.chain ?? [currency, baseCurrency] };
}

/** The newest lot of a commodity says whether its quotes are of the units that are traded. */
function requireUnitsOfTrades(commodity: string, lots: readonly LotRow[], context: CapabilityContext): void {
  if (isMoney(commodity, context)) return;
  const dated = lots.flatMap(({ commodity: own, cost }) =>
    own === commodity && cost?.date != null
      ? [{ date: isoDate(cost.date), number: decimal(cost.number), currency: cost.currency }]
      : [],
  );
  const [newest] = dated.sort((a, b) => (a.date > b.date ? -1 : 1));
  if (newest !== undefined) requireOneUnit(commodity, newest, context);
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
      positions: valued.map((held) => ({
        ...held.lot,
        price: held.price && exact(held.price),
        price_currency: held.currency,
        price_date: held.date,
        rate: figureOrNull(held.rate),
        local_value: figureOrNull(held.localValue),
        value: figureOrNull(held.value),
        weight: figureOrNull(held.value && sum.total && weight(held.value, sum.total)),
        ...ageRow(held),
      })),
      left_out: leftOut,
      gaps,
    };
  },
});
