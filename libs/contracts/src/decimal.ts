import { Decimal as BaseDecimal } from 'decimal.js';
import { z } from 'zod';

/**
 * Decimal arithmetic of Python's default context, so that figures equal Beancount's:
 * 28 significant digits, rounded half to even, at every operation.
 */
export const Decimal = BaseDecimal.clone({
  precision: 28,
  rounding: BaseDecimal.ROUND_HALF_EVEN,
  toExpNeg: -9_000_000,
  toExpPos: 9_000_000,
  minE: -9_000_000,
  maxE: 9_000_000,
});
export type Decimal = BaseDecimal;

export const ZERO: Decimal = new Decimal(0);
export const ONE: Decimal = new Decimal(1);

const DECIMAL_TEXT = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** A decimal as it travels in JSON: plain digits, no exponent (`"-1204.10"`). */
export const DecimalTextSchema = z
  .string()
  .max(64)
  .regex(DECIMAL_TEXT, { error: 'must be a decimal number in quotes, such as "1204.10"' });

export function parseDecimal(text: string): Decimal {
  if (!DECIMAL_TEXT.test(text)) throw new RangeError(`"${text}" is not a decimal number`);
  return new Decimal(text);
}

/**
 * The decimal as JSON text, rounded half to even to at most `places` digits after the point, trailing zeros
 * cut and minus zero written `0`: equal values give equal text.
 */
export function decimalText(value: Decimal, places = 12): string {
  const rounded = value.toDecimalPlaces(places, Decimal.ROUND_HALF_EVEN);
  return rounded.isZero() ? '0' : rounded.toFixed();
}
