import { addDays, weekday, type IsoDate } from '@dawsos/contracts';
import { assertNoErrors, type Ledger, type LedgerRepository } from '@dawsos/ledger';
import type { EndOfDaySource } from '@dawsos/market-data';
import { ledgerQuotes } from './ledger-source';
import type { SourceStream } from './merge-quotes';
import { openPriceFolder } from './price-folder';
import { providerQuotes, type ProviderFallback } from './provider-quotes';

export interface PackInputOptions {
  readonly ledger: LedgerRepository;
  /** The branch, tag or commit whose prices go into a pack that is pinned to none. */
  readonly ledgerRef: string;
  /** Absent: no price files. */
  readonly pricesDir?: string | undefined;
  readonly providers?: ProviderSettings | undefined;
}

export interface ProviderSettings {
  readonly sources: readonly EndOfDaySource[];
  /** Calendar days before a pack's day from which prices are asked for. */
  readonly historyDays: number;
}

export interface RemoteQuotes {
  readonly sources: readonly SourceStream[];
  readonly fallbacks: readonly ProviderFallback[];
}

export interface PackInputs {
  readonly sources: readonly SourceStream[];
  /** The ledger among them, which the pack is reconciled with. */
  readonly ledger: Ledger;
  readonly ledgerCommit: string;
  /** What providers have for the pack of a day; absent where none is configured. */
  readonly remote?: ((asofDate: IsoDate, signal?: AbortSignal) => Promise<RemoteQuotes>) | undefined;
}

/** Reads them as they are now; the ledger at a commit, or as the settings say. */
export type ReadPackInputs = (commit?: string) => Promise<PackInputs>;

/**
 * What packs are built from, read anew each time: the ledger's own prices and what it says of its commodities, the
 * price files, and the providers that it names; the ledger at `commit` where one is given. Whoever builds a pack
 * builds it from these.
 */
export function packInputs(options: PackInputOptions): ReadPackInputs {
  const { providers, pricesDir } = options;
  return async (commit) => {
    const ledgerCommit = await options.ledger.resolve(commit ?? options.ledgerRef);
    const { ledger } = await options.ledger.snapshot(ledgerCommit);
    assertNoErrors(ledger);
    const files = pricesDir === undefined ? [] : await openPriceFolder(pricesDir);
    const sources = [ledgerQuotes(ledger), ...files];
    if (providers === undefined || providers.sources.length === 0) return { ledger, ledgerCommit, sources };
    const remote: PackInputs['remote'] = async (asofDate, signal) => {
      const from = addDays(asofDate, -providers.historyDays);
      const quotes = await providerQuotes({
        ledger,
        providers: providers.sources,
        from,
        to: asofDate,
        signal,
      });
      return { sources: [quotes], fallbacks: quotes.fallbacks };
    };
    return { ledger, ledgerCommit, sources, remote };
  };
}

/** The last day, Monday to Friday, that is over: what providers have the closes of. */
export function lastClosedDay(today: IsoDate): IsoDate {
  let day = addDays(today, -1);
  while (weekday(day) === 0 || weekday(day) === 6) day = addDays(day, -1);
  return day;
}
