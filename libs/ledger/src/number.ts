import { Decimal, digitCount, ROUNDING, shrink, tenTo } from '@dawsos/contracts';

/** A number as Beancount computes it: 28 significant digits, half to even, and Python's trailing zeros (`1.50` keeps its two places). */
export interface LedgerNumber {
  /** Digits after the point, as Python's `-exponent`; negative for `1E+2`. */
  readonly scale: number;
  toDecimal(): Decimal;
  /** Plain digits with the trailing zeros kept: `"1.50"`. */
  toString(): string;
}

const PRECISION = 28;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);
const NUMBER_TEXT = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/;

const isNegative = (value: number | bigint): boolean => value < 0 || Object.is(value, -0);

/**
 * Python's `decimal` arithmetic of the default context, exponents and signed zeros included: a coefficient that is a
 * plain number while it is small (nearly always) and a bigint beyond, times `10^-scale`.
 */
export class LedgerDecimal implements LedgerNumber {
  static readonly ZERO = new LedgerDecimal(0, 0);
  static readonly ONE = new LedgerDecimal(1, 0);

  private constructor(
    private readonly coefficient: number | bigint,
    readonly scale: number,
  ) {}

  /** The text as written, not rounded: `1204.10`, `-.5`, `1E-3`. @throws RangeError when it is not a number. */
  static parse(text: string): LedgerDecimal {
    const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER_TEXT.exec(text) ?? [];
    const digits = whole + fraction;
    if (digits === '') throw new RangeError(`"${text}" is not a number`);
    const scale = fraction.length - Number(exponent);
    if (digits.length > 15) {
      const magnitude = BigInt(digits);
      return LedgerDecimal.of(sign === '-' ? -magnitude : magnitude, scale, sign === '-');
    }
    return new LedgerDecimal(sign === '-' ? -Number(digits) : Number(digits), scale);
  }

  static from(number: LedgerNumber): LedgerDecimal {
    return number instanceof LedgerDecimal ? number : LedgerDecimal.parse(number.toString());
  }

  /** Digits with at most one point, as the lexer has checked. */
  static ofDigits(text: string): LedgerDecimal {
    if (text.length > 15) return LedgerDecimal.parse(text);
    const point = text.indexOf('.');
    if (point < 0) return new LedgerDecimal(Number(text), 0);
    const digits = text.slice(0, point) + text.slice(point + 1);
    return new LedgerDecimal(Number(digits), text.length - point - 1);
  }

  private static of(value: bigint, scale: number, negativeZero = false): LedgerDecimal {
    if (value === 0n) return new LedgerDecimal(negativeZero ? -0 : 0, scale);
    const small = value <= MAX_SAFE && value >= -MAX_SAFE;
    return new LedgerDecimal(small ? Number(value) : value, scale);
  }

  private static rounded(value: bigint, scale: number, negativeZero = false): LedgerDecimal {
    const excess = digitCount(value) - PRECISION;
    if (excess <= 0) return LedgerDecimal.of(value, scale, negativeZero);
    return LedgerDecimal.rounded(shrink(value, excess, ROUNDING.HALF_EVEN), scale - excess);
  }

  private at(scale: number): bigint {
    return BigInt(this.coefficient) * tenTo(scale - this.scale);
  }

  get isZero(): boolean {
    return this.coefficient === 0;
  }

  /** −1, 0 or 1; minus zero is 0. */
  get sign(): number {
    return this.coefficient < 0 ? -1 : this.coefficient > 0 ? 1 : 0;
  }

  /** Digits of the coefficient, at least 1. */
  get digits(): number {
    return digitCount(BigInt(this.coefficient));
  }

  add(other: LedgerDecimal): LedgerDecimal {
    const scale = Math.max(this.scale, other.scale);
    if (typeof this.coefficient === 'number' && typeof other.coefficient === 'number') {
      const left = scaled(this.coefficient, scale - this.scale);
      const right = scaled(other.coefficient, scale - other.scale);
      const sum = left + right;
      if (Math.abs(left) <= MAX_SAFE && Math.abs(right) <= MAX_SAFE && Math.abs(sum) <= MAX_SAFE) {
        return new LedgerDecimal(sum, scale);
      }
    }
    return LedgerDecimal.rounded(this.at(scale) + other.at(scale), scale);
  }

  subtract(other: LedgerDecimal): LedgerDecimal {
    return this.add(new LedgerDecimal(-other.coefficient, other.scale));
  }

  multiply(other: LedgerDecimal): LedgerDecimal {
    const scale = this.scale + other.scale;
    if (typeof this.coefficient === 'number' && typeof other.coefficient === 'number') {
      const product = this.coefficient * other.coefficient;
      if (Math.abs(product) <= MAX_SAFE) return new LedgerDecimal(product, scale);
    }
    const negative = isNegative(this.coefficient) !== isNegative(other.coefficient);
    return LedgerDecimal.rounded(BigInt(this.coefficient) * BigInt(other.coefficient), scale, negative);
  }

  /** @throws RangeError on a divisor of zero. */
  divide(other: LedgerDecimal): LedgerDecimal {
    if (other.isZero) throw new RangeError('division by zero');
    const ideal = this.scale - other.scale;
    if (this.isZero) {
      const negative = isNegative(this.coefficient) !== isNegative(other.coefficient);
      return new LedgerDecimal(negative ? -0 : 0, ideal);
    }
    if (typeof this.coefficient === 'number' && typeof other.coefficient === 'number') {
      if (this.coefficient % other.coefficient === 0) {
        return new LedgerDecimal(this.coefficient / other.coefficient, ideal);
      }
    }
    const dividend = BigInt(this.coefficient);
    const divisor = BigInt(other.coefficient);
    const shift = digitCount(divisor) - digitCount(dividend) + PRECISION + 1;
    const top = shift >= 0 ? dividend * tenTo(shift) : dividend;
    const bottom = shift >= 0 ? divisor : divisor * tenTo(-shift);
    let quotient = top / bottom;
    let scale = ideal + shift;
    if (top % bottom !== 0n) {
      // A sticky digit: the last one must not look like an exact half or an exact zero.
      if (quotient % 5n === 0n) quotient += top < 0n === bottom < 0n ? 1n : -1n;
    } else {
      while (scale > ideal && quotient % 10n === 0n) {
        quotient /= 10n;
        scale -= 1;
      }
    }
    return LedgerDecimal.rounded(quotient, scale);
  }

  /** Python's unary minus: rounds to 28 digits, and minus zero becomes zero. */
  negate(): LedgerDecimal {
    if (this.isZero) return new LedgerDecimal(0, this.scale);
    if (typeof this.coefficient === 'number') return new LedgerDecimal(-this.coefficient, this.scale);
    return LedgerDecimal.rounded(-this.coefficient, this.scale);
  }

  abs(): LedgerDecimal {
    if (typeof this.coefficient === 'number')
      return new LedgerDecimal(Math.abs(this.coefficient), this.scale);
    return this.coefficient < 0n ? this.negate() : LedgerDecimal.rounded(this.coefficient, this.scale);
  }

  compare(other: LedgerDecimal): number {
    const scale = Math.max(this.scale, other.scale);
    if (typeof this.coefficient === 'number' && typeof other.coefficient === 'number') {
      const left = scaled(this.coefficient, scale - this.scale);
      const right = scaled(other.coefficient, scale - other.scale);
      if (Math.abs(left) <= MAX_SAFE && Math.abs(right) <= MAX_SAFE) return Math.sign(left - right);
    }
    const difference = this.at(scale) - other.at(scale);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  equals(other: LedgerDecimal): boolean {
    return this.compare(other) === 0;
  }

  /** Whether the number can be quantized to `quantum` within 28 digits; Python would raise InvalidOperation. */
  fits(quantum: LedgerDecimal): boolean {
    return this.isZero || this.digits - this.scale + quantum.scale < PRECISION;
  }

  /** Rounds half to even to the exponent of `quantum`. @throws RangeError beyond 28 digits. */
  quantize(quantum: LedgerDecimal): LedgerDecimal {
    const places = this.scale - quantum.scale;
    const value = BigInt(this.coefficient);
    const result = places > 0 ? shrink(value, places, ROUNDING.HALF_EVEN) : value * tenTo(-places);
    if (digitCount(result) > PRECISION) throw new RangeError('the quantized number has more than 28 digits');
    return LedgerDecimal.of(result, quantum.scale, isNegative(this.coefficient));
  }

  /** Rounded to 28 digits, without trailing zeros: `1E+1` for 10. */
  normalize(): LedgerDecimal {
    const { coefficient, scale } = LedgerDecimal.rounded(BigInt(this.coefficient), this.scale);
    if (coefficient === 0) return LedgerDecimal.ZERO;
    let value = BigInt(coefficient);
    let places = scale;
    while (value % 10n === 0n) {
      value /= 10n;
      places -= 1;
    }
    return LedgerDecimal.of(value, places);
  }

  /** `10^-scale` of this number: one unit of its last digit. */
  unitOfLastDigit(): LedgerDecimal {
    return new LedgerDecimal(1, this.scale);
  }

  /** Equal for equal values, whatever their trailing zeros. */
  get key(): string {
    if (typeof this.coefficient === 'bigint') {
      const { coefficient, scale } = stripped(this.coefficient, this.scale);
      return `${coefficient}e${scale}`;
    }
    let coefficient = this.coefficient;
    let scale = this.scale;
    if (coefficient === 0) return '0';
    while (coefficient % 10 === 0) {
      coefficient /= 10;
      scale -= 1;
    }
    return `${coefficient}e${scale}`;
  }

  toString(): string {
    const negative = isNegative(this.coefficient);
    const digits = this.coefficient.toString().replace('-', '');
    const sign = negative ? '-' : '';
    if (this.scale <= 0) return sign + (digits === '0' ? '0' : digits + '0'.repeat(-this.scale));
    const padded = digits.padStart(this.scale + 1, '0');
    return `${sign}${padded.slice(0, -this.scale)}.${padded.slice(-this.scale)}`;
  }

  toDecimal(): Decimal {
    return Decimal.of(this.coefficient, this.scale);
  }
}

/** `value * 10^places`, or infinite where that is surely no exact plain number. */
function scaled(value: number, places: number): number {
  if (places === 0 || value === 0) return value;
  const power = POWERS[places];
  return power === undefined ? Infinity : value * power;
}

function stripped(value: bigint, scale: number): { coefficient: bigint; scale: number } {
  let coefficient = value;
  let places = scale;
  while (coefficient % 10n === 0n) {
    coefficient /= 10n;
    places -= 1;
  }
  return { coefficient, scale: places };
}
