import { currencyExponent, Decimal, formatNumber, isIsoDate, type PanelFormat } from '@dawsos/contracts';
import type { Cell } from './document';

/** Digits of a ratio, whatever its size. */
const SIGNIFICANT = 6;
/** Digits of a price or rate: units × the printed price is the printed value. */
const SIGNIFICANT_OF_PRICE = 10;
const MOST_PLACES = 18;
/** Four places of a ratio below it would say next to nothing. */
const SMALL = new Decimal('0.01');
export const NO_CELL: Cell = { text: '', value: { kind: 'none' } };
/** Not told: the page on gaps says why. */
export const GAP_CELL: Cell = { text: '–', value: { kind: 'none' } };

const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

export const isNumeric = (format: PanelFormat): boolean => format !== 'text' && format !== 'date';

/** The number that a result holds, as text or as a JSON number; null for anything else. */
export function numberOf(value: unknown): Decimal | null {
  if (typeof value === 'number') return Number.isFinite(value) ? new Decimal(value) : null;
  return typeof value === 'string' && PLAIN_NUMBER.test(value) ? new Decimal(value) : null;
}

/** The format of a value of which the pattern says nothing. */
export function formatOf(value: unknown): PanelFormat {
  if (typeof value === 'number') return 'quantity';
  if (typeof value !== 'string') return 'text';
  if (isIsoDate(value)) return 'date';
  return PLAIN_NUMBER.test(value) ? 'decimal' : 'text';
}

/** Places after the point that a figure is printed with; of a share, those of its percent. */
export function placesOf(value: Decimal, format: PanelFormat, currency: string | null): number {
  switch (format) {
    case 'money':
    case 'change':
      return minorUnits(currency);
    case 'percent':
    case 'percent_change':
    case 'points':
      return 2;
    case 'price':
      return significantPlaces(value, SIGNIFICANT_OF_PRICE);
    case 'quantity':
      return Math.min(value.decimalPlaces(), MOST_PLACES);
    case 'decimal':
      return value.abs().lessThan(SMALL)
        ? significantPlaces(value, SIGNIFICANT)
        : Math.min(value.decimalPlaces(), 4);
    case 'text':
    case 'date':
      return 0;
  }
}

/** By ISO 4217: none for yen, three for Kuwaiti dinars. */
const minorUnits = (currency: string | null): number => (currency === null ? 2 : currencyExponent(currency));

/** Its own places, cut where so many significant digits end: no number but 0 is printed as 0. */
function significantPlaces(value: Decimal, digits: number): number {
  if (value.isZero()) return 0;
  return Math.min(value.decimalPlaces(), Math.max(0, digits - 1 - value.exponent), MOST_PLACES);
}

/** Rounded half up, once, as it will be printed: a share as its percent. */
export function rounded(value: Decimal, format: PanelFormat, places: number): Decimal {
  return scaled(value, format).toDecimalPlaces(places, Decimal.ROUND_HALF_UP);
}

/** A share is printed a hundredfold. */
export const scaled = (value: Decimal, format: PanelFormat): Decimal =>
  isShare(format) ? value.times(100) : value;

export const isShare = (format: PanelFormat): boolean =>
  format === 'percent' || format === 'percent_change' || format === 'points';

export const isSigned = (format: PanelFormat): boolean =>
  format === 'change' || format === 'percent_change' || format === 'points';

/** The text of a number that is rounded already. */
export function printedText(value: Decimal, format: PanelFormat, places: number): string {
  const digits = formatNumber(value.toFixed(places), places);
  const signed = isSigned(format) && value.greaterThan(0) ? `+${digits}` : digits;
  if (format === 'percent' || format === 'percent_change') return `${signed} %`;
  return format === 'points' ? `${signed} pp` : signed;
}

export interface Printing {
  readonly format: PanelFormat;
  /** Stands behind the amount where the column's head does not name it. */
  readonly code?: string | null;
  /** Decides how many places an amount has. */
  readonly currency?: string | null;
}

/** A value of a result as a cell of its own, that no total ties to others. */
export function cellOf(value: unknown, { format, code = null, currency = code }: Printing): Cell {
  if (value === null || value === undefined) return GAP_CELL;
  const amount = amountOf(value);
  if (amount !== null) {
    return cellOf(amount.number, {
      format: isNumeric(format) ? format : 'money',
      code: amount.currency,
    });
  }
  const number = isNumeric(format) ? numberOf(value) : null;
  if (number === null) return textCell(plainText(value));
  const places = placesOf(number, format, currency);
  return numberCell(number, rounded(number, format, places), { format, places, code });
}

export function numberCell(
  exact: Decimal,
  printed: Decimal,
  { format, places, code = null }: { format: PanelFormat; places: number; code?: string | null },
): Cell {
  const text = printedText(printed, format, places);
  return {
    text: code === null ? text : `${text} ${code}`,
    value: { kind: 'number', exact: exact.toFixed(), format, places, code },
  };
}

export function textCell(text: string): Cell {
  return { text, value: isIsoDate(text) ? { kind: 'date', date: text } : { kind: 'text', text } };
}

/** An amount `{number, currency}` reads as one cell. */
function amountOf(value: unknown): { readonly number: string; readonly currency: string } | null {
  if (!isRecord(value)) return null;
  const { number, currency } = value;
  return typeof number === 'string' && typeof currency === 'string' ? { number, currency } : null;
}

function plainText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((member) => typeof member === 'string'))
    return value.length === 0 ? '–' : value.join('; ');
  return JSON.stringify(value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ids whose words are none. */
const WORDS: Readonly<Record<string, string>> = {
  fx: 'Exchange rates',
  unknown: 'Not classified',
  twr: 'Time-weighted return',
  twr_annualised: 'Time-weighted return, a year',
  max_drawdown: 'Largest fall',
  attribution: 'Currency attribution',
  mwr: 'Money-weighted return',
  mwr_annualised: 'Money-weighted return, a year',
};

/** `equity_fund` as "Equity fund". */
export function humanised(id: string): string {
  const known = Object.hasOwn(WORDS, id) ? WORDS[id] : undefined;
  if (known !== undefined) return known;
  const words = id.replaceAll(/[_.]+/g, ' ').trim();
  return words === '' ? words : words.charAt(0).toUpperCase() + words.slice(1);
}
