import { ONE, type Decimal } from '@dawsos/contracts';
import type { Commodity, Directive, Ledger, Meta } from '../model';
import type { CommodityFacts, CommoditySplit } from './commodity-facts';
import { bookedAs, isMoney } from './money';
import { ledgerSplits } from './splits';

/** The facts of a ledger's commodities. */
export interface CommodityBook {
  facts(commodity: string): CommodityFacts;
  /** The same as the accounts below some prefixes see it: bookings and accounts left out elsewhere are not told. */
  factsFor(commodity: string, accountPrefixes: readonly string[]): CommodityFacts;
}

const books = new WeakMap<Ledger, CommodityBook>();

/** Made once for a ledger and kept with it. */
export function commodityBook(ledger: Ledger): CommodityBook {
  const known = books.get(ledger);
  if (known !== undefined) return known;
  const book = createBook(ledger);
  books.set(ledger, book);
  return book;
}

function createBook(ledger: Ledger): CommodityBook {
  const declared = new Map<string, Commodity>();
  for (const entry of ledger.entries) {
    if (entry.type === 'commodity' && !declared.has(entry.currency)) declared.set(entry.currency, entry);
  }
  const booked = bookedAs(ledger.entries);
  const splits = ledgerSplits(ledger);
  const adjusted = ledger.entries.flatMap(adjustedSource).sort();
  const units = [...ledger.options.operatingCurrencies, ...ledger.entries.flatMap(baseCurrency)];
  const kept = new Map<string, CommodityFacts>();

  function facts(commodity: string): CommodityFacts {
    const known = kept.get(commodity);
    if (known !== undefined) return known;
    const meta = declared.get(commodity)?.meta;
    const assetClass = textOf(meta, 'asset_class');
    const own = splits.get(commodity);
    const made: CommodityFacts = {
      commodity,
      assetClass,
      isMoney: isMoney(commodity, assetClass, units, booked.get(commodity)),
      isCounter: assetClass === 'counter',
      unitSize: unitSize(meta),
      splits: own?.splits ?? [],
      faults: own?.faults ?? [],
      adjustedSources: own === undefined ? [] : adjusted,
    };
    kept.set(commodity, made);
    return made;
  }

  return {
    facts,
    factsFor(commodity, accountPrefixes) {
      const all = facts(commodity);
      if (all.splits.length === 0) return all;
      const isOwn = (account: string): boolean =>
        accountPrefixes.some((prefix) => account === prefix || account.startsWith(`${prefix}:`));
      const seen = all.splits.map((split): CommoditySplit => ({
        ...split,
        bookings: split.bookings.flatMap((booking) => {
          const own = booking.accounts.filter(isOwn);
          return own.length === 0 ? [] : [{ ...booking, accounts: own }];
        }),
        leftOut: split.leftOut.filter(isOwn),
      }));
      return { ...all, splits: seen };
    },
  };
}

/** `custom "source" "NAME"` with metadata `adjusted: "splits"`. */
function adjustedSource(entry: Directive): string[] {
  if (entry.type !== 'custom' || entry.name !== 'source') return [];
  const [name] = entry.values;
  return name?.kind === 'string' && textOf(entry.meta, 'adjusted') === 'splits' ? [name.value] : [];
}

/** What a portfolio is counted in is money there, as an operating currency is. */
function baseCurrency(entry: Directive): string[] {
  if (entry.type !== 'custom' || entry.name !== 'portfolio') return [];
  const value = entry.meta.get('base_currency');
  return value?.kind === 'string' || value?.kind === 'currency' ? [value.value] : [];
}

function textOf(meta: Meta | undefined, key: string): string | null {
  const value = meta?.get(key);
  return value?.kind === 'string' && value.value !== '' ? value.value : null;
}

function unitSize(meta: Meta | undefined): Decimal {
  const value = meta?.get('unit_size');
  const number = value?.kind === 'number' ? value.value.toDecimal() : ONE;
  return number.gt(0) ? number : ONE;
}
