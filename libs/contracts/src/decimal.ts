import { z } from 'zod';
import { Decimal } from './decimal-number';

export { Decimal };

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
