import { DawsosError, Decimal, isIsoDate, type IsoDate } from '@dawsos/contracts';

/** The price at which an instrument closed on a day, as traded: not adjusted for later splits or dividends. */
export interface Close {
  readonly date: IsoDate;
  /** Plain digits, as the provider sent them. */
  readonly number: string;
}

/** End-of-day prices from one provider, whose `id` the rights registry knows. */
export interface EndOfDaySource {
  readonly id: string;
  /**
   * The closes of `symbol` from `from` to `to`, both included, in date order; none where the provider has none.
   * @throws DawsosError `source_unavailable`, `source_refused`, `source_malformed`
   */
  closes(symbol: string, from: IsoDate, to: IsoDate, signal?: AbortSignal): Promise<readonly Close[]>;
}

/** What a ledger may name; it goes into an address, so no separator. */
export const SYMBOL = /^[A-Za-z0-9^][A-Za-z0-9.:^=-]{0,31}$/;

const PRICE = /^\d{1,20}(\.\d{1,20})?$/;
const WITH_EXPONENT = /^\d{1,20}(\.\d{1,20})?[eE][+-]?\d{1,2}$/;

/** In date order, a day once; a day outside of what was asked for is left out. @throws DawsosError `source_malformed` */
export function checkedCloses(
  source: string,
  rows: readonly { readonly date: string; readonly number: string }[],
  from: IsoDate,
  to: IsoDate,
): readonly Close[] {
  const closes = new Map<IsoDate, Close>();
  for (const { date, number: text } of rows) {
    const number = WITH_EXPONENT.test(text) ? new Decimal(text).toFixed() : text;
    if (!isIsoDate(date)) throw wrong(source, `"${date.slice(0, 40)}" is not a day`);
    if (!PRICE.test(number)) throw wrong(source, `the close of ${date} is "${number.slice(0, 40)}"`);
    const known = closes.get(date);
    if (known !== undefined && known.number !== number) throw wrong(source, `${date} has two closes`);
    if (date >= from && date <= to) closes.set(date, { date, number });
  }
  return [...closes.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

function wrong(source: string, what: string): DawsosError {
  return new DawsosError('source_malformed', `${source} answered in another format: ${what}`, {
    extensions: { source },
  });
}

/** @throws DawsosError `source_refused` */
export function requireSymbol(source: string, symbol: string): void {
  if (SYMBOL.test(symbol)) return;
  throw new DawsosError(
    'source_refused',
    `"${symbol.slice(0, 40)}" is not a symbol that ${source} could know`,
    {
      extensions: { source },
    },
  );
}
