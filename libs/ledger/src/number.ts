import { type Decimal } from '@dawsos/contracts';

/** A number as Beancount computes it: 28 significant digits, half to even, and Python's trailing zeros (`1.50` keeps its two places). */
export interface LedgerNumber {
  /** Digits after the point, as Python's `-exponent`; negative for `1E+2`. */
  readonly scale: number;
  toDecimal(): Decimal;
  /** Plain digits with the trailing zeros kept: `"1.50"`. */
  toString(): string;
}
