import { DawsosError, type IsoDate } from '@dawsos/contracts';

/** Where a quote was stated: `file` as the user named it, `line` from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

interface QuoteBase {
  readonly date: IsoDate;
  /** Plain digits in canonical form: see `canonicalNumber`. */
  readonly number: string;
  readonly source: string;
  readonly place: Place;
}

/** The price of one unit of `commodity` in `currency` at the close of `date`. */
export interface PriceQuote extends QuoteBase {
  readonly kind: 'price';
  readonly commodity: string;
  readonly currency: string;
  /** The ledger's plugin drew it from a trade: any stated price of the day takes its place. */
  readonly implicit: boolean;
}

/** Units of `quote` per unit of `base` at the close of `date`. */
export interface RateQuote extends QuoteBase {
  readonly kind: 'rate';
  readonly base: string;
  readonly quote: string;
}

export type Quote = PriceQuote | RateQuote;

const NUMBER = /^([+-]?)0*(\d+)?(?:\.(\d*?)0*)?$/;

/**
 * The one spelling of a decimal: no plus sign, no leading or trailing zeros, `0` for zero; exact, whatever the
 * number of digits. `undefined` when `text` is not a plain decimal number.
 */
export function canonicalNumber(text: string): string | undefined {
  if (text.length > 64 || !/\d/.test(text)) return undefined;
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole, fraction] = match;
  const digits = fraction === undefined || fraction === '' ? (whole ?? '0') : `${whole ?? '0'}.${fraction}`;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** A commodity or currency as Beancount writes it. */
export const COMMODITY = /^\/?[A-Z][A-Z0-9'._-]{0,23}$/;
/** The name of a source: what the rights registry lists. */
export const SOURCE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** One thing that is wrong in a price or rate file. */
export interface SourceFault {
  readonly place: Place & { readonly column?: number | undefined };
  readonly message: string;
}

const FAULTS_SHOWN = 20;

/** All `count` faults as one error: the first in the message, the first twenty as data. */
export function unreadable(faults: readonly SourceFault[], count = faults.length): DawsosError {
  const lines = faults.map(({ place, message }) => `${placeText(place)}: ${message}`);
  const more = count > 1 ? ` (and ${String(count - 1)} more)` : '';
  return new DawsosError('pack_unreadable', `${lines[0] ?? 'no source could be read'}${more}`, {
    extensions: {
      fault_count: count,
      faults: faults
        .slice(0, FAULTS_SHOWN)
        .map(({ place, message }) => ({ file: place.file, line: place.line, message })),
    },
  });
}

function placeText({ file, line, column }: SourceFault['place']): string {
  if (line === 0) return file;
  return column === undefined ? `${file}:${String(line)}` : `${file}:${String(line)}:${String(column)}`;
}
