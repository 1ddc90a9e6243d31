import { DawsosError, Decimal, decimalText, ZERO, type IsoDate, type JsonObject } from '@dawsos/contracts';
import { inventoriesAt, withoutUnrealizedGains, type Ledger } from '@dawsos/ledger';
import { ledgerQuotes } from '../sources/ledger-source';
import type { PricingPack } from '../pack/pricing-pack';

/** One position that the ledger and the pack value differently. */
export type PositionDifference = {
  readonly commodity: string;
  readonly units: string;
  /** The day of the ledger's price: both are valued at it. */
  readonly date: IsoDate;
  readonly ledger_price: string;
  /** In the currency of the ledger's price; null where the pack has none by that day. */
  readonly pack_price: string | null;
  readonly currency: string;
  /** Pack less ledger, in the base currency. */
  readonly difference: string;
  /** A share of the gross value of the positions compared, in basis points. */
  readonly difference_bp: string;
};

export type Reconciliation = {
  readonly passed: boolean;
  readonly base_currency: string | null;
  /** The gross value of the positions compared, in the base currency. */
  readonly ledger_value: string;
  readonly pack_value: string;
  /** The positions' absolute differences, of the gross value of the positions, in basis points. */
  readonly difference_bp: string;
  readonly limit_bp: string;
  readonly compared: number;
  /** Held, but without a price of the ledger's own by the pack's day, so there is nothing to compare. */
  readonly not_compared: readonly string[];
  readonly differences: readonly PositionDifference[];
};

export const RECONCILIATION_LIMIT_BP = new Decimal(1);
const BASIS_POINTS = 10_000;

interface LedgerPrice {
  readonly date: IsoDate;
  readonly number: Decimal;
  readonly currency: string;
}

interface Compared {
  readonly commodity: string;
  readonly units: Decimal;
  readonly price: LedgerPrice;
  readonly packPrice: Decimal | undefined;
  /** Base currency per unit of the price's currency. */
  readonly toBase: Decimal;
}

/**
 * Values what the ledger holds on the pack's day twice: at the ledger's own newest price of each commodity, and at
 * the pack's price of that same day; both converted at the pack's rates of that day. The prices that the ledger's
 * plugin drew from trades are not compared, since a trade is not a close. Passed when the differences come to at most
 * one basis point of the gross value compared, none set off against another.
 */
export function reconcile(ledger: Ledger, pack: PricingPack): Reconciliation {
  const [base] = ledger.options.operatingCurrencies;
  const prices = newestPrices(ledger, pack.asofDate);
  const compared: Compared[] = [];
  const notCompared: string[] = [];
  for (const [commodity, units] of holdings(ledger, pack.asofDate)) {
    const price = prices.get(commodity);
    const toBase = price && base && pack.rate(price.currency, base, price.date)?.number;
    if (price === undefined || toBase === undefined || toBase === '') notCompared.push(commodity);
    else compared.push({ commodity, units, price, packPrice: packPrice(pack, commodity, price), toBase });
  }
  return summarize(base ?? null, compared, notCompared);
}

/** @throws DawsosError `pack_not_reconciled`, naming the positions that differ most */
export function requireReconciled(packId: string, result: Reconciliation): void {
  if (result.passed) return;
  const worst = result.differences
    .slice(0, 3)
    .map(
      (position) =>
        `${position.commodity} on ${position.date}: ledger ${position.ledger_price}, pack ${position.pack_price ?? 'none'} ${position.currency}`,
    )
    .join('; ');
  throw new DawsosError(
    'pack_not_reconciled',
    `${packId} values the ledger ${result.difference_bp} basis points away from the ledger's own prices: ${worst}`,
    { extensions: { pack_id: packId, reconciliation: result satisfies JsonObject } },
  );
}

/** Units of each commodity in the ledger's assets and liabilities, none of 0. */
export function holdings(ledger: Ledger, date: IsoDate): Map<string, Decimal> {
  const { nameAssets, nameLiabilities } = ledger.options;
  const held = new Map<string, Decimal>();
  for (const [account, inventory] of inventoriesAt(withoutUnrealizedGains(ledger.entries), date)) {
    if (!account.startsWith(`${nameAssets}:`) && !account.startsWith(`${nameLiabilities}:`)) continue;
    for (const { units } of inventory) {
      held.set(units.currency, (held.get(units.currency) ?? ZERO).plus(units.number.toDecimal()));
    }
  }
  return new Map([...held].filter(([, units]) => !units.isZero()).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function newestPrices(ledger: Ledger, date: IsoDate): Map<string, LedgerPrice> {
  const { quotes, quoteCurrency } = ledgerQuotes(ledger);
  const newest = new Map<string, LedgerPrice>();
  for (const quote of quotes) {
    if (quote.kind !== 'price' || quote.implicit || quote.date > date) continue;
    const known = newest.get(quote.commodity);
    const isNewer = known === undefined || quote.date > known.date;
    const isPreferred = known?.date === quote.date && quote.currency === quoteCurrency.get(quote.commodity);
    if (!isNewer && !isPreferred) continue;
    newest.set(quote.commodity, {
      date: quote.date,
      number: new Decimal(quote.number),
      currency: quote.currency,
    });
  }
  return newest;
}

/** The pack's price in the currency of the ledger's; of money, the exchange rate. */
function packPrice(
  pack: PricingPack,
  commodity: string,
  { date, currency }: LedgerPrice,
): Decimal | undefined {
  const point = pack.price(commodity, date);
  if (point === undefined) return pack.rate(commodity, currency, date)?.number;
  const rate = pack.rate(point.currency, currency, date);
  return rate && point.number.times(rate.number);
}

function summarize(
  base: string | null,
  compared: readonly Compared[],
  notCompared: readonly string[],
): Reconciliation {
  const sum = (values: readonly Decimal[]): Decimal =>
    values.reduce((total, value) => total.plus(value), ZERO);
  const valued = compared.map((position) => {
    const { units, price, packPrice: number, toBase } = position;
    const own = units.times(price.number).times(toBase);
    const packs = units.times(number ?? ZERO).times(toBase);
    return { ...position, own, packs, difference: packs.minus(own) };
  });
  const ledgerValue = sum(valued.map(({ own }) => own));
  const packValue = sum(valued.map(({ packs }) => packs));
  // The share is of the gross value, so that a short position cannot hide what another is off by
  const gross = sum(valued.map(({ own }) => own.abs()));
  const inBasisPoints = (value: Decimal): Decimal =>
    gross.isZero() ? ZERO : value.abs().div(gross).times(BASIS_POINTS);
  const off = sum(valued.map(({ difference }) => difference.abs()));
  const differences = valued
    .filter(({ difference, packPrice: number }) => number === undefined || !difference.isZero())
    .sort((a, b) => b.difference.abs().cmp(a.difference.abs()));
  return {
    passed: inBasisPoints(off).lte(RECONCILIATION_LIMIT_BP) && !valued.some((v) => v.packPrice === undefined),
    base_currency: base,
    ledger_value: decimalText(ledgerValue, 4),
    pack_value: decimalText(packValue, 4),
    difference_bp: decimalText(inBasisPoints(off), 4),
    limit_bp: RECONCILIATION_LIMIT_BP.toFixed(),
    compared: compared.length,
    not_compared: notCompared,
    differences: differences.map(({ commodity, units, price, packPrice: number, difference }) => ({
      commodity,
      units: decimalText(units),
      date: price.date,
      ledger_price: decimalText(price.number),
      pack_price: number === undefined ? null : decimalText(number),
      currency: price.currency,
      difference: decimalText(difference, 4),
      difference_bp: decimalText(inBasisPoints(difference), 4),
    })),
  };
}
