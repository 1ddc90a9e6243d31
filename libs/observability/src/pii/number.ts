import { mayBeAccount, passesLuhn } from './checksum';

/** Whole numbers below it are no account's and no card's. */
const SHORTEST_ACCOUNT = 10_000_000;
const ELEVEN_DIGITS = 99_999_999_999;

/**
 * Whether a number must not leave. Under a name known to be harmless only card numbers must not; under any other,
 * fractions may be amounts, and eight digits or more an account's.
 */
export const isSecretNumber = (value: number | bigint, isKnown: boolean): boolean => {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return false;
    if (!Number.isInteger(value)) return !isKnown;
    const size = Math.abs(value);
    if (size < SHORTEST_ACCOUNT || (isKnown && size <= ELEVEN_DIGITS)) return false;
  }
  const digits = String(value);
  return mayBeAccount(digits) && (isKnown ? passesLuhn(digits) : digits.length > 7);
};
