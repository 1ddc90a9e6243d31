/** How a number with more digits than there is room for loses them. The numbers are those of decimal.js. */
export const ROUNDING = {
  UP: 0,
  DOWN: 1,
  CEIL: 2,
  FLOOR: 3,
  HALF_UP: 4,
  HALF_DOWN: 5,
  HALF_EVEN: 6,
} as const;
export type Rounding = (typeof ROUNDING)[keyof typeof ROUNDING];

const POWERS: bigint[] = Array.from({ length: 80 }, (_, power) => 10n ** BigInt(power));

/** `10^power` of a power that is not negative. */
export const tenTo = (power: number): bigint => POWERS[power] ?? 10n ** BigInt(power);

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** Decimal digits of an integer; 1 for zero. */
export function digitCount(value: bigint): number {
  const magnitude = absolute(value);
  let [least, most] = [0, POWERS.length - 1];
  if (magnitude >= tenTo(most)) return magnitude.toString().length;
  // The first power of ten that is greater: comparing is several times as fast as writing the digits.
  while (least < most) {
    const middle = (least + most) >> 1;
    if (magnitude < tenTo(middle)) most = middle;
    else least = middle + 1;
  }
  return Math.max(1, least);
}

/** `value / 10^places` as an integer. */
export function shrink(value: bigint, places: number, rounding: Rounding): bigint {
  const divisor = tenTo(places);
  const quotient = value / divisor;
  const remainder = value - quotient * divisor;
  if (remainder === 0n) return quotient;
  const isNegative = value < 0n;
  if (!goesAway(absolute(remainder) * 2n, divisor, quotient, isNegative, rounding)) return quotient;
  return isNegative ? quotient - 1n : quotient + 1n;
}

/** Whether a quotient with a remainder is rounded away from zero. */
function goesAway(
  twiceTheRemainder: bigint,
  divisor: bigint,
  quotient: bigint,
  isNegative: boolean,
  rounding: Rounding,
): boolean {
  switch (rounding) {
    case ROUNDING.UP:
      return true;
    case ROUNDING.DOWN:
      return false;
    case ROUNDING.CEIL:
      return !isNegative;
    case ROUNDING.FLOOR:
      return isNegative;
    case ROUNDING.HALF_UP:
      return twiceTheRemainder >= divisor;
    case ROUNDING.HALF_DOWN:
      return twiceTheRemainder > divisor;
    case ROUNDING.HALF_EVEN:
      if (twiceTheRemainder !== divisor) return twiceTheRemainder > divisor;
      return quotient % 2n !== 0n;
  }
}
