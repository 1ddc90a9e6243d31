import { commodityBook, inventoriesAt, NO_TRADE, type Ledger, type Price } from '@dawsos/ledger';
import { canonicalNumber, COMMODITY, type PriceQuote, type Quote } from './quote';
import { unreadable, type SourceFault } from './quote';

/** The source of prices that stand in the ledger itself, unless a directive's metadata `source` names another. */
export const LEDGER_SOURCE = 'ledger';

/** What a ledger adds to a pack: its `price` directives, and what its `commodity` directives say. */
export interface LedgerQuotes {
  readonly quotes: readonly Quote[];
  /** As the ledger's commodity book says. */
  readonly isMoney: (commodity: string) => boolean;
  /** Metadata `currency` of a commodity: the currency it is quoted in. */
  readonly quoteCurrency: ReadonlyMap<string, string>;
  /** It holds money of one currency and nothing else, so that a pack without a price serves it. */
  readonly needsNoPrice: boolean;
}

/**
 * The quotes of a ledger. `buildPack` decides which of them are exchange rates: prices whose commodity is money.
 * @throws DawsosError `pack_unreadable` when a price cannot stand in a pack.
 */
export function ledgerQuotes(ledger: Ledger): LedgerQuotes {
  const quotes: Quote[] = [];
  const faults: SourceFault[] = [];
  const quoteCurrency = new Map<string, string>();
  for (const entry of ledger.entries) {
    if (entry.type === 'price') {
      if (entry.meta.has(NO_TRADE)) continue;
      const quote = readPrice(entry, LEDGER_SOURCE);
      if (typeof quote === 'string') faults.push({ place: entry.location, message: quote });
      else quotes.push(quote);
    } else if (entry.type === 'commodity') {
      const currency = entry.meta.get('currency');
      if (currency?.kind === 'string' || currency?.kind === 'currency') {
        quoteCurrency.set(entry.currency, currency.value);
      }
    }
  }
  if (faults.length > 0) throw unreadable(faults);
  const book = commodityBook(ledger);
  return {
    quotes,
    isMoney: (commodity) => book.facts(commodity).isMoney,
    quoteCurrency,
    needsNoPrice: quotes.length === 0 && holdsOneMoneyAlone(ledger),
  };
}

function holdsOneMoneyAlone({ entries, options }: Ledger): boolean {
  const held = new Set<string>();
  for (const [account, inventory] of inventoriesAt(entries)) {
    const root = account.split(':', 1)[0];
    if (root !== options.nameAssets && root !== options.nameLiabilities) continue;
    for (const { units, cost } of inventory) {
      if (cost !== null) return false;
      held.add(units.currency);
    }
  }
  return held.size <= 1;
}

/** The directive as a quote, or why it is none. `otherwise` is its source where its metadata name none. */
export function readPrice(entry: Price, otherwise: string): PriceQuote | string {
  const number = canonicalNumber(entry.amount.number.toString());
  if (number === undefined) return `the price ${entry.amount.number.toString()} is not a plain number`;
  if (!COMMODITY.test(entry.currency)) return `"${entry.currency}" is not a commodity`;
  const source = entry.meta.get('source');
  return {
    kind: 'price',
    commodity: entry.currency,
    date: entry.date,
    number,
    currency: entry.amount.currency,
    source: source?.kind === 'string' ? source.value : otherwise,
    place: entry.location,
    implicit: entry.meta.has('__implicit_prices__'),
  };
}
