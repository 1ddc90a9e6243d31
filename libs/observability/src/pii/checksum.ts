const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** The Luhn check of payment cards (ISO/IEC 7812-1, annex B). */
export const passesLuhn = (text: string): boolean => {
  const digits = digitsOf(text);
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length >= 12 && digits.length <= 19 && sum % 10 === 0;
};

/** The check of an IBAN: its rearranged digits modulo 97 are 1 (ISO 13616). */
export const isIban = (text: string): boolean => {
  const compact = text.replace(/[\s-]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(compact)) return false;
  let remainder = 0;
  for (const letter of compact.slice(4) + compact.slice(0, 4)) {
    const value = parseInt(letter, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
};

/** How many letters at the beginning of a text are an IBAN, whatever words follow; 0 when none are. */
export const ibanLength = (text: string): number => {
  const ends = [...text.matchAll(/[ -]/g)].map(({ index }) => index);
  return [text.length, ...ends.reverse()].find((end) => isIban(text.slice(0, end))) ?? 0;
};

const FIRST_SECOND = 1_500_000_000;
const LAST_SECOND = 2_200_000_000;

/** Whether digits are a Unix time of these decades, in seconds, milli-, micro- or nanoseconds. */
export const isUnixTime = (text: string): boolean => {
  if (!/^\d+$/.test(text)) return false;
  const power = [10, 13, 16, 19].indexOf(text.length);
  const seconds = Number(text.slice(0, 10));
  return power !== -1 && seconds >= FIRST_SECOND && seconds <= LAST_SECOND;
};

/** Whether digits may be an account or card number: long, and not a time. */
export const mayBeAccount = (text: string): boolean => !isUnixTime(text);
