import { Decimal as Transcendental } from 'decimal.js';
import { digitCount, ROUNDING, shrink, tenTo, type Rounding } from './rounding';

const PRECISION = 28;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** From here on a coefficient has more digits than there is room for. */
const TOO_LONG = tenTo(PRECISION);
/** Those that a plain number holds exactly. */
const POWERS = Array.from({ length: 16 }, (_, power) => 10 ** power);
/** Ten to these is exact in binary floating point, so that one division by it is rounded once. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power);
const NUMBER_TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,7}))?$/;

/** Logarithms, roots and broken powers are decimal.js's, by text, at the same precision. */
const Base = Transcendental.clone({
  precision: PRECISION,
  rounding: ROUNDING.HALF_EVEN,
  toExpNeg: -9_000_000,
  toExpPos: 9_000_000,
  minE: -9_000_000,
  maxE: 9_000_000,
});

export type DecimalValue = Decimal | number | string;

interface Parts {
  readonly coefficient: number | bigint;
  readonly scale: number;
}

/**
 * Decimal arithmetic of Python's default context, so that figures equal Beancount's: 28 significant digits, rounded
 * half to even at every operation. The value is `coefficient × 10^-scale`; the coefficient is a plain number while that
 * holds it exactly, which is nearly always, and a bigint beyond. It is NaN or infinite after a division by zero.
 *
 * Method names and results are those of decimal.js, against which `decimal-number.test.ts` compares it.
 */
export class Decimal {
  static readonly ROUND_UP = ROUNDING.UP;
  static readonly ROUND_DOWN = ROUNDING.DOWN;
  static readonly ROUND_CEIL = ROUNDING.CEIL;
  static readonly ROUND_FLOOR = ROUNDING.FLOOR;
  static readonly ROUND_HALF_UP = ROUNDING.HALF_UP;
  static readonly ROUND_HALF_DOWN = ROUNDING.HALF_DOWN;
  static readonly ROUND_HALF_EVEN = ROUNDING.HALF_EVEN;

  private readonly coefficient: number | bigint;
  private readonly scale: number;

  /** Exact, whatever the number of digits. @throws RangeError when the text is no number */
  constructor(value: DecimalValue);
  /** `coefficient × 10^-scale`. */
  constructor(coefficient: number | bigint, scale: number);
  constructor(value: DecimalValue | bigint, scale?: number) {
    if (scale !== undefined && (typeof value === 'number' || typeof value === 'bigint')) {
      this.coefficient = value;
      this.scale = scale;
      return;
    }
    const { coefficient, scale: places }: Parts = value instanceof Decimal ? value.parts() : partsOf(value);
    this.coefficient = coefficient;
    this.scale = places;
  }

  /** `coefficient × 10^-scale`, exactly. */
  static of(coefficient: number | bigint, scale: number): Decimal {
    return typeof coefficient === 'number' ? new Decimal(coefficient, scale) : exact(coefficient, scale);
  }

  static max(first: DecimalValue, ...others: DecimalValue[]): Decimal {
    return others.reduce<Decimal>((most, next) => {
      const value = from(next);
      return value.greaterThan(most) ? value : most;
    }, from(first));
  }

  static min(first: DecimalValue, ...others: DecimalValue[]): Decimal {
    return others.reduce<Decimal>((least, next) => {
      const value = from(next);
      return value.lessThan(least) ? value : least;
    }, from(first));
  }

  plus(value: DecimalValue): Decimal {
    const other = from(value);
    const scale = this.scale > other.scale ? this.scale : other.scale;
    if (typeof this.coefficient === 'number' && typeof other.coefficient === 'number') {
      const left = scaled(this.coefficient, scale - this.scale);
      const right = scaled(other.coefficient, scale - other.scale);
      const sum = left + right;
      if (isSafe(left) && isSafe(right) && isSafe(sum)) return new Decimal(sum, scale);
      if (!this.isFinite() || !other.isFinite()) return special(this.coefficient + other.coefficient);
    }
    if (!this.isFinite()) return this;
    if (!other.isFinite()) return other;
    return rounded(this.at(scale) + other.at(scale), scale);
  }

  minus(value: DecimalValue): Decimal {
    return this.plus(from(value).negated());
  }

  times(value: DecimalValue): Decimal {
    const other = from(value);
    const scale = this.scale + other.scale;
    if (typeof this.coefficient === 'number' && typeof other.coefficient === 'number') {
      const product = this.coefficient * other.coefficient;
      if (isSafe(product)) return new Decimal(product, product === 0 ? 0 : scale);
    }
    if (!this.isFinite() || !other.isFinite()) return special(this.toNumber() * other.toNumber());
    const product = BigInt(this.coefficient) * BigInt(other.coefficient);
    if (product === 0n) return special(this.isNegative() === other.isNegative() ? 0 : -0);
    return rounded(product, scale);
  }

  /** Infinite or NaN where `value` is zero, as in decimal.js. */
  div(value: DecimalValue): Decimal {
    const other = from(value);
    if (this.isZero() || other.isZero() || !this.isFinite() || !other.isFinite()) {
      return special(signedUnit(this) / signedUnit(other));
    }
    const ideal = this.scale - other.scale;
    if (typeof this.coefficient === 'number' && typeof other.coefficient === 'number') {
      const quotient = this.coefficient / other.coefficient;
      if (Number.isInteger(quotient) && this.coefficient % other.coefficient === 0) {
        return new Decimal(quotient, ideal);
      }
    }
    return divided(BigInt(this.coefficient), BigInt(other.coefficient), ideal);
  }

  negated(): Decimal {
    return new Decimal(-this.coefficient, this.scale);
  }

  abs(): Decimal {
    return this.isNegative() ? this.negated() : this;
  }

  mod(value: DecimalValue): Decimal {
    return ofBase(this.base().mod(from(value).base()));
  }

  pow(value: DecimalValue): Decimal {
    return ofBase(this.base().pow(from(value).base()));
  }

  sqrt(): Decimal {
    return ofBase(this.base().sqrt());
  }

  ln(): Decimal {
    return ofBase(this.base().ln());
  }

  exp(): Decimal {
    return ofBase(this.base().exp());
  }

  log(base: DecimalValue = 10): Decimal {
    return ofBase(this.base().log(from(base).base()));
  }

  floor(): Decimal {
    return this.toDecimalPlaces(0, ROUNDING.FLOOR);
  }

  ceil(): Decimal {
    return this.toDecimalPlaces(0, ROUNDING.CEIL);
  }

  round(): Decimal {
    return this.toDecimalPlaces(0);
  }

  trunc(): Decimal {
    return this.toDecimalPlaces(0, ROUNDING.DOWN);
  }

  /** At most `places` digits after the point. */
  toDecimalPlaces(places: number, rounding: Rounding = ROUNDING.HALF_EVEN): Decimal {
    const excess = this.scale - places;
    if (excess <= 0 || !this.isFinite()) return this;
    if (this.coefficient === 0) return special(this.coefficient);
    if (typeof this.coefficient === 'number') {
      const power = POWERS[excess];
      if (power !== undefined && this.coefficient % power === 0) {
        return new Decimal(this.coefficient / power, places);
      }
    }
    const kept = shrink(BigInt(this.coefficient), excess, rounding);
    if (kept === 0n) return special(this.isNegative() ? -0 : 0);
    return exact(kept, places);
  }

  /** At most `digits` significant digits. */
  toSignificantDigits(digits: number, rounding: Rounding = ROUNDING.HALF_EVEN): Decimal {
    if (this.isZero() || !this.isFinite()) return this;
    const excess = this.digits() - digits;
    if (excess <= 0) return this;
    return exact(shrink(BigInt(this.coefficient), excess, rounding), this.scale - excess);
  }

  /** −1, 0 or 1; NaN where either is. */
  comparedTo(value: DecimalValue): number {
    const other = from(value);
    if (!this.isFinite() || !other.isFinite()) {
      const difference = Number(this.coefficient) - Number(other.coefficient);
      return Number.isNaN(difference) && this.coefficient === other.coefficient ? 0 : Math.sign(difference);
    }
    const scale = this.scale > other.scale ? this.scale : other.scale;
    if (typeof this.coefficient === 'number' && typeof other.coefficient === 'number') {
      const left = scaled(this.coefficient, scale - this.scale);
      const right = scaled(other.coefficient, scale - other.scale);
      if (isSafe(left) && isSafe(right)) return left < right ? -1 : left > right ? 1 : 0;
    }
    const [left, right] = [this.at(scale), other.at(scale)];
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(value: DecimalValue): boolean {
    return this.comparedTo(value) === 0;
  }

  greaterThan(value: DecimalValue): boolean {
    return this.comparedTo(value) > 0;
  }

  greaterThanOrEqualTo(value: DecimalValue): boolean {
    return this.comparedTo(value) >= 0;
  }

  lessThan(value: DecimalValue): boolean {
    return this.comparedTo(value) < 0;
  }

  lessThanOrEqualTo(value: DecimalValue): boolean {
    return this.comparedTo(value) <= 0;
  }

  cmp(value: DecimalValue): number {
    return this.comparedTo(value);
  }

  eq(value: DecimalValue): boolean {
    return this.equals(value);
  }

  gt(value: DecimalValue): boolean {
    return this.greaterThan(value);
  }

  gte(value: DecimalValue): boolean {
    return this.greaterThanOrEqualTo(value);
  }

  lt(value: DecimalValue): boolean {
    return this.lessThan(value);
  }

  lte(value: DecimalValue): boolean {
    return this.lessThanOrEqualTo(value);
  }

  isZero(): boolean {
    return this.coefficient === 0;
  }

  /** True of minus zero too. */
  isNegative(): boolean {
    return this.coefficient < 0 || Object.is(this.coefficient, -0);
  }

  /** True of zero too, but not of minus zero. */
  isPositive(): boolean {
    return this.coefficient > 0 || Object.is(this.coefficient, 0);
  }

  isFinite(): boolean {
    return typeof this.coefficient === 'bigint' || Number.isFinite(this.coefficient);
  }

  isNaN(): boolean {
    return Number.isNaN(this.coefficient);
  }

  isInteger(): boolean {
    return this.isFinite() && (this.scale <= 0 || this.trunc().equals(this));
  }

  /** Digits after the point, trailing zeros apart. */
  decimalPlaces(): number {
    return this.isFinite() ? Math.max(0, this.stripped().scale) : Number.NaN;
  }

  /** Significant digits, trailing zeros apart. */
  precision(): number {
    return digitCount(BigInt(this.stripped().coefficient));
  }

  /** The power of ten of the first significant digit: 2 for 123.4, −3 for 0.0012; 0 for zero. */
  get exponent(): number {
    return this.isZero() ? 0 : this.digits() - this.scale - 1;
  }

  /** The nearest binary floating point number. */
  toNumber(): number {
    if (typeof this.coefficient === 'number' && this.scale >= 0) {
      const power = EXACT_POWERS[this.scale];
      if (power !== undefined) return this.coefficient / power;
    }
    return Number(this.toFixed());
  }

  /** Plain digits, with just `places` after the point where it is given; else as many as there are, no trailing zeros. */
  toFixed(places?: number, rounding: Rounding = ROUNDING.HALF_EVEN): string {
    if (!this.isFinite()) return String(this.coefficient);
    const sign = this.isNegative() && !this.isZero() ? '-' : '';
    const { coefficient, scale }: Parts =
      places === undefined ? this.parts() : this.toDecimalPlaces(places, rounding).parts();
    const digits = String(coefficient).replace('-', '');
    const whole = scale < 0 && digits !== '0' ? digits + '0'.repeat(-scale) : digits;
    const padded = scale > 0 ? whole.padStart(scale + 1, '0') : whole;
    const point = scale > 0 ? padded.length - scale : padded.length;
    const fraction =
      places === undefined ? withoutZeros(padded.slice(point)) : padded.slice(point).padEnd(places, '0');
    return sign + padded.slice(0, point) + (fraction === '' ? '' : `.${fraction}`);
  }

  toString(): string {
    return this.toFixed();
  }

  /** As `toString`, but minus zero keeps its sign. */
  valueOf(): string {
    return Object.is(this.coefficient, -0) ? '-0' : this.toFixed();
  }

  toJSON(): string {
    return this.valueOf();
  }

  private parts(): Parts {
    return { coefficient: this.coefficient, scale: this.scale };
  }

  private digits(): number {
    return digitCount(BigInt(this.coefficient));
  }

  private at(scale: number): bigint {
    const coefficient = BigInt(this.coefficient);
    return scale === this.scale ? coefficient : coefficient * tenTo(scale - this.scale);
  }

  private stripped(): Parts {
    let { coefficient, scale } = this;
    if (coefficient === 0) return { coefficient: 0, scale: 0 };
    if (typeof coefficient === 'bigint') {
      while (coefficient % 10n === 0n) {
        coefficient /= 10n;
        scale -= 1;
      }
    } else {
      while (coefficient % 10 === 0) {
        coefficient /= 10;
        scale -= 1;
      }
    }
    return { coefficient, scale };
  }

  private base(): Transcendental {
    return new Base(this.valueOf());
  }
}

/** The digits after the point up to the last that is not 0. */
function withoutZeros(fraction: string): string {
  let end = fraction.length;
  while (end > 0 && fraction.charCodeAt(end - 1) === 48) end -= 1;
  return fraction.slice(0, end);
}

const from = (value: DecimalValue): Decimal => (value instanceof Decimal ? value : new Decimal(value));

const isSafe = (value: number): boolean => value <= MAX_SAFE && value >= -MAX_SAFE;

/** Zero of either sign, NaN or an infinity. */
const special = (coefficient: number): Decimal => new Decimal(coefficient, 0);

/** A number of the same sign and kind: what a division by zero, or of it, depends on. */
function signedUnit(value: Decimal): number {
  if (!value.isFinite()) return value.toNumber();
  if (value.isZero()) return value.isNegative() ? -0 : 0;
  return value.isNegative() ? -1 : 1;
}

/** A bigint's value in the smaller representation that holds it. */
function exact(coefficient: bigint, scale: number): Decimal {
  const small = coefficient <= MAX_SAFE && coefficient >= -MAX_SAFE;
  return new Decimal(small ? Number(coefficient) : coefficient, scale);
}

/** Half to even to 28 digits. */
function rounded(value: bigint, scale: number): Decimal {
  if (value < TOO_LONG && value > -TOO_LONG) return exact(value, scale);
  const excess = digitCount(value) - PRECISION;
  const kept = shrink(value, excess, ROUNDING.HALF_EVEN);
  // 99…9.5 rounds to a one with zeros: a digit more, and all of them zeros.
  if (kept === TOO_LONG || kept === -TOO_LONG) return exact(kept / 10n, scale - excess - 1);
  return exact(kept, scale - excess);
}

function divided(dividend: bigint, divisor: bigint, ideal: number): Decimal {
  const shift = Math.max(0, digitCount(divisor) - digitCount(dividend) + PRECISION + 1);
  const top = dividend * tenTo(shift);
  let quotient = top / divisor;
  let scale = ideal + shift;
  if (top !== quotient * divisor) {
    // A sticky digit: the last one must look neither like an exact half nor like an exact zero.
    if (quotient % 5n === 0n) quotient += top < 0n === divisor < 0n ? 1n : -1n;
    return rounded(quotient, scale);
  }
  // Without this, exact quotients would carry their zeros on and outgrow the plain numbers.
  while (scale > 0 && quotient % 10n === 0n) {
    quotient /= 10n;
    scale -= 1;
  }
  return rounded(quotient, scale);
}

/** `value × 10^places`, or infinite where that is surely no exact plain number. */
function scaled(value: number, places: number): number {
  if (places === 0 || value === 0) return value;
  const power = POWERS[places];
  return power === undefined ? Infinity : value * power;
}

function partsOf(value: number | string | bigint): Parts {
  if (typeof value === 'bigint') return { coefficient: value, scale: 0 };
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) || !Number.isFinite(value)) return { coefficient: value, scale: 0 };
    return partsOfText(String(value));
  }
  return partsOfText(value);
}

function partsOfText(text: string): Parts {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER_TEXT.exec(text) ?? [];
  const digits = whole + fraction;
  if (digits === '') throw new RangeError(`"${text.slice(0, 80)}" is not a decimal number`);
  const scale = fraction.length - Number(exponent);
  if (digits.length <= 15) return { coefficient: sign === '-' ? -Number(digits) : Number(digits), scale };
  const magnitude = BigInt(digits);
  if (magnitude === 0n) return { coefficient: sign === '-' ? -0 : 0, scale: 0 };
  const coefficient = sign === '-' ? -magnitude : magnitude;
  const small = magnitude <= MAX_SAFE;
  return { coefficient: small ? Number(coefficient) : coefficient, scale };
}

function ofBase(value: Transcendental): Decimal {
  return value.isFinite() ? new Decimal(value.toString()) : special(value.toNumber());
}
