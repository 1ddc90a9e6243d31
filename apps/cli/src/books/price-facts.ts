import type { IsoDate } from '@dawsos/contracts';
import type { Ledger } from '@dawsos/ledger';

/** What the sources of prices hold, as far as it was read. */
export interface PriceFacts {
  readonly ofLedger: number;
  readonly ofFiles: number;
  /** False where there were more than are read before a start. */
  readonly complete: boolean;
  /** The newest day by today that has a price. */
  readonly newest: IsoDate | undefined;
  /** No price is needed: the ledger holds money of one currency alone. */
  readonly needsNone: boolean;
}

/** About half a second's worth; the pack builder reads the rest. */
const MOST_ROWS = 150_000;

/**
 * Reads the prices that a pack would be built from, to say what is there and to find what cannot be read.
 * @throws DawsosError `pack_unreadable` that names file, line and column
 */
export async function readPriceFacts(
  ledger: Ledger,
  pricesDir: string | undefined,
  today: IsoDate,
): Promise<PriceFacts> {
  const { ledgerQuotes, openPriceFolder } = await import('@dawsos/pricing');
  const own = ledgerQuotes(ledger);
  let newest: IsoDate | undefined;
  const see = (date: IsoDate): void => {
    if (date <= today && (newest === undefined || date > newest)) newest = date;
  };
  for (const { date } of own.quotes) see(date);
  let ofFiles = 0;
  let complete = true;
  for (const { quotes } of pricesDir === undefined ? [] : await openPriceFolder(pricesDir)) {
    if (!complete) break;
    for await (const { date } of quotes) {
      see(date);
      ofFiles += 1;
      complete = ofFiles < MOST_ROWS;
      if (!complete) break;
    }
  }
  return { ofLedger: own.quotes.length, ofFiles, complete, newest, needsNone: own.needsNoPrice };
}
