import { ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import {
  commodityBook,
  inventoriesAt,
  withoutUnrealizedGains,
  type LedgerSnapshot,
  type Meta,
} from '@dawsos/ledger';
import type { FactsOf } from '../valuation/quote-reader';
import type { Holding } from './worth';

/** What a portfolio holds at the end of `date`, by commodity, money included; without a portfolio, the whole ledger. */
export function portfolioHoldings(
  snapshot: LedgerSnapshot,
  portfolioId: string | null,
  date: IsoDate,
): Holding[] {
  const { accountPrefixes } = snapshot.portfolio(portfolioId);
  const held = new Map<string, Decimal>();
  for (const [account, inventory] of inventoriesAt(withoutUnrealizedGains(snapshot.ledger.entries), date)) {
    if (!accountPrefixes.some((prefix) => account === prefix || account.startsWith(`${prefix}:`))) continue;
    for (const { units } of inventory) {
      held.set(units.currency, (held.get(units.currency) ?? ZERO).plus(units.number.toDecimal()));
    }
  }
  return [...held]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([commodity, units]) => ({ commodity, units }));
}

/** The calendars that `commodity` directives name (metadata `calendar: "XNYS"`), by commodity. */
export function declaredCalendars(
  snapshot: Pick<LedgerSnapshot, 'commodity'>,
  commodities: Iterable<string>,
): ReadonlyMap<string, string> {
  const declared = new Map<string, string>();
  for (const commodity of commodities) {
    const calendar = metaText(snapshot.commodity(commodity), 'calendar');
    if (calendar !== undefined) declared.set(commodity, calendar);
  }
  return declared;
}

/** What the ledger says of its commodities, as the portfolio sees it. */
export function factsFor(snapshot: LedgerSnapshot, portfolioId: string | null): FactsOf {
  const { accountPrefixes } = snapshot.portfolio(portfolioId);
  const book = commodityBook(snapshot.ledger);
  return (commodity) => book.factsFor(commodity, accountPrefixes);
}

function metaText(meta: Meta, key: string): string | undefined {
  const value = meta.get(key);
  return value?.kind === 'string' || value?.kind === 'currency' ? value.value : undefined;
}
