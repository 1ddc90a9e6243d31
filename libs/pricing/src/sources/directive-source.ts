import { directorySource, loadLedgerFrom } from '@dawsos/ledger';
import { readPrice } from './ledger-source';
import { unreadable, type PriceQuote, type SourceFault } from './quote';

/** The source of a price in a file of directives that says no other by its metadata `source`. */
export const DIRECTIVE_SOURCE = 'manual';

/**
 * The prices of a file of Beancount `price` directives, as bean-price prints them: `2025-10-22 price AAPL 258.45 USD`.
 * @throws DawsosError `pack_unreadable` with every fault's file and line
 */
export async function readPriceDirectives(folder: string, file: string): Promise<PriceQuote[]> {
  const { entries, errors } = await loadLedgerFrom(directorySource(folder), file);
  const faults: SourceFault[] = errors.map(({ location, message }) => ({ place: location, message }));
  const quotes: PriceQuote[] = [];
  for (const entry of entries) {
    if (entry.type === 'commodity') continue;
    if (entry.type !== 'price') {
      const message = `a ${entry.type} directive does not belong here; price files hold price directives alone`;
      faults.push({ place: entry.location, message });
      continue;
    }
    const quote = readPrice(entry, DIRECTIVE_SOURCE);
    if (typeof quote === 'string') faults.push({ place: entry.location, message: quote });
    else quotes.push(quote);
  }
  if (faults.length > 0) throw unreadable(faults);
  return quotes;
}
