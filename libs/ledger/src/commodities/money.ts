import { isNationalCurrency } from '@dawsos/contracts';
import type { Directive } from '../model';

/** How the ledger's postings hold a commodity. */
export interface BookedAs {
  readonly atCost: boolean;
  readonly bare: boolean;
}

const MONEY_CLASSES: ReadonlySet<string> = new Set(['currency', 'cash']);

/**
 * Whether a commodity is money: its `asset_class` says; else an operating or a
 * portfolio's base currency is; else what is only ever booked
 * at cost is not (COP the share); else a national currency of ISO 4217 or a fixed part of one is. That something is
 * quoted in it proves nothing: a coin may be quoted in a coin.
 */
export function isMoney(
  commodity: string,
  assetClass: string | null,
  operatingCurrencies: readonly string[],
  booked: BookedAs | undefined,
): boolean {
  if (assetClass !== null) return MONEY_CLASSES.has(assetClass);
  if (operatingCurrencies.includes(commodity)) return true;
  if (booked !== undefined && booked.atCost && !booked.bare) return false;
  return isNationalCurrency(commodity);
}

/** How each commodity is booked, in any account. */
export function bookedAs(entries: readonly Directive[]): ReadonlyMap<string, BookedAs> {
  const [atCost, bare] = [new Set<string>(), new Set<string>()];
  for (const entry of entries) {
    if (entry.type !== 'transaction') continue;
    for (const { units, cost } of entry.postings) (cost === null ? bare : atCost).add(units.currency);
  }
  return new Map(
    [...atCost, ...bare].map((name) => [name, { atCost: atCost.has(name), bare: bare.has(name) }]),
  );
}
