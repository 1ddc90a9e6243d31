import { ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { DateField, decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { LotSchema, type LotRow } from './ledger-positions';
import { rateToBase, requireUnitPrice } from './market-history';

export const ValuedLotSchema = LotSchema.extend({
  price: DecimalField.describe('Of one unit, in price_currency; 1 for money.'),
  price_currency: z.string(),
  price_date: DateField.nullable().describe('Null for money.'),
  rate: DecimalField.describe('Base currency per unit of price_currency.'),
  local_value: DecimalField.describe('units × price, in price_currency.'),
  value: DecimalField.describe('local_value × rate, in base currency.'),
  weight: DecimalField.nullable().describe('value / total value; null where the total is zero.'),
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

export const applyPack = defineCapability({
  name: 'pricing.apply_pack',
  description: 'Values lots at the prices and rates of the pack on the as-of date, with their weights.',
  args: z.strictObject({ positions: z.array(LotSchema) }),
  result: z.object({
    asof_date: DateField,
    base_currency: z.string(),
    total_value: DecimalField,
    positions: z.array(ValuedLotSchema),
  }),
  run: ({ positions }, context) => {
    const valued = valueLots(positions, context);
    const total = totalValue(valued);
    return {
      asof_date: context.asofDate,
      base_currency: context.ledger.portfolio().baseCurrency,
      total_value: figure(total),
      positions: valued.map(({ lot, price, currency, date, rate, localValue, value }) => ({
        ...lot,
        price: figure(price),
        price_currency: currency,
        price_date: date,
        rate: figure(rate),
        local_value: figure(localValue),
        value: figure(value),
        weight: figureOrNull(weight(value, total)),
      })),
    };
  },
});
