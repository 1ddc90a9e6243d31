import { isDawsosError, type DawsosError, type IsoDate } from '@dawsos/contracts';
import type { Ledger } from '@dawsos/ledger';
import type { Close, EndOfDaySource } from '@dawsos/market-data';
import type { SourceQuotes } from './merge-quotes';
import { canonicalNumber, COMMODITY, type Place, type PriceQuote } from './quote';
import { unreadable, type SourceFault } from './quote';

/** A provider that could not give a commodity's prices, so that the next one named was asked. */
export type ProviderFallback = {
  readonly commodity: string;
  readonly source: string;
  /** The error's code; null where it had no prices. */
  readonly code: string | null;
};

export interface ProviderQuotes extends SourceQuotes {
  readonly fallbacks: readonly ProviderFallback[];
}

export interface ProviderQuotesRequest {
  readonly ledger: Ledger;
  readonly providers: readonly EndOfDaySource[];
  readonly from: IsoDate;
  readonly to: IsoDate;
  /** Ends what is asked, and asks no further: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

interface Listing {
  readonly commodity: string;
  readonly currency: string;
  /** In the order in which they are asked. */
  readonly listed: readonly { readonly provider: EndOfDaySource; readonly symbol: string }[];
  readonly place: Place;
}

/**
 * Prices of the commodities that say where they are quoted, by the metadata that bean-price reads:
 * `price: "USD:polygon/AAPL,fmp/AAPL"` on a `commodity` directive. The first provider named that has prices gives all
 * of them; sources that are not providers here are passed over.
 * @throws DawsosError `pack_unreadable` for metadata that cannot be read; what the last provider threw where none had
 * prices and one failed
 */
export async function providerQuotes(request: ProviderQuotesRequest): Promise<ProviderQuotes> {
  const quotes: PriceQuote[] = [];
  const fallbacks: ProviderFallback[] = [];
  for (const listing of listings(request)) {
    quotes.push(...(await quotesOf(listing, request, fallbacks)));
  }
  return { quotes, fallbacks };
}

async function quotesOf(
  { commodity, currency, listed, place }: Listing,
  { from, to, signal }: ProviderQuotesRequest,
  fallbacks: ProviderFallback[],
): Promise<PriceQuote[]> {
  let failure: DawsosError | undefined;
  for (const { provider, symbol } of listed) {
    let closes: readonly Close[] = [];
    let code: string | null = null;
    signal?.throwIfAborted();
    try {
      closes = await provider.closes(symbol, from, to, signal);
    } catch (error) {
      // an answer that was cut short says nothing of the provider
      signal?.throwIfAborted();
      if (!isDawsosError(error)) throw error;
      failure = error;
      code = error.code;
    }
    if (closes.length > 0) {
      return closes.map(({ date, number }) => ({
        kind: 'price',
        commodity,
        date,
        number: canonicalNumber(number) ?? number,
        currency,
        source: provider.id,
        place,
        implicit: false,
      }));
    }
    fallbacks.push({ commodity, source: provider.id, code });
  }
  if (failure !== undefined) throw failure;
  return [];
}

const QUOTED = /^([^:\s]+):(\S+)$/;

function listings({ ledger, providers }: ProviderQuotesRequest): Listing[] {
  const found: Listing[] = [];
  const faults: SourceFault[] = [];
  for (const entry of ledger.entries) {
    if (entry.type !== 'commodity') continue;
    const meta = entry.meta.get('price');
    if (meta?.kind !== 'string' || meta.value.trim() === '') continue;
    const [first = ''] = meta.value.trim().split(/\s+/);
    const [, currency = '', sources = ''] = QUOTED.exec(first) ?? [];
    if (!COMMODITY.test(currency)) {
      const message = `price: "${meta.value}" is not a quotation; write it as "USD:polygon/AAPL"`;
      faults.push({ place: entry.location, message });
      continue;
    }
    const listed = sources.split(',').flatMap((part) => {
      const [name = '', symbol = ''] = part.replace(/^\^/, '').split('/');
      const provider = providers.find(({ id }) => id === name);
      return provider === undefined ? [] : [{ provider, symbol }];
    });
    if (listed.length > 0) found.push({ commodity: entry.currency, currency, listed, place: entry.location });
  }
  if (faults.length > 0) throw unreadable(faults);
  return found;
}
