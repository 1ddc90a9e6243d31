import { ZERO, type Decimal } from '@dawsos/contracts';
import type { Portfolio, Posting, Transaction } from '@dawsos/ledger';
import type { LedgerReader } from '../capability';
import { isOwn, metaText } from './holdings';

/** Values things at the close of one day. */
export interface DayValuer {
  /** The currency that the commodity counts in: its price's, or itself where it is money. */
  currencyOf(commodity: string): string;
  /** A posting's units as they are counted on the as-of day. */
  unitsOf(posting: Posting): Decimal;
  /** `units` of `commodity`, counted so, in that currency. */
  localValue(commodity: string, units: Decimal): Decimal;
  /** Units of `to` per unit of `from`. */
  rate(from: string, to: string): Decimal;
}

/** What one transaction moved. */
export interface Movement {
  /** Into the portfolio from outside, in base currency; negative where it left. */
  readonly external: Decimal;
  /** Into each currency, from outside or from another currency, in the currency itself. */
  readonly byCurrency: ReadonlyMap<string, Decimal>;
}

/**
 * What moves value into a portfolio rather than earns it. Postings outside the portfolio's accounts are
 * - external: equity, assets, liabilities, and accounts opened with metadata `flow: "external"`;
 * - internal: income and expenses. Dividends, interest, fees and taxes are part of the return.
 *
 * The external flow is what the external postings gave up, at the day's rates; or, for a contribution or
 * withdrawal in kind, what the portfolio's own postings moved, at the day's market value (the GIPS standards:
 * fair value), since the cost that a lot brings along is history. In kind is a transaction without income or
 * expenses whose other side is equity alone, or holds something that is not money.
 */
export function movement(
  transaction: Transaction,
  portfolio: Portfolio,
  ledger: LedgerReader,
  valuer: DayValuer,
): Movement | undefined {
  const own = transaction.postings.filter((posting) => isOwn(portfolio, posting.account));
  const others = transaction.postings.filter((posting) => !isOwn(portfolio, posting.account));
  const external = others.filter((posting) => isExternal(posting, ledger));
  const internal = others.filter((posting) => !isExternal(posting, ledger));
  if (external.length === 0 && staysInOneCurrency([...own, ...internal], valuer)) return undefined;

  const { baseCurrency } = portfolio;
  const byCurrency = new Map<string, Decimal>();
  const add = (currency: string, value: Decimal): void => {
    byCurrency.set(currency, (byCurrency.get(currency) ?? ZERO).plus(value));
  };
  if (internal.length === 0 && isInKind(external, ledger, valuer)) {
    let total = ZERO;
    for (const posting of own) {
      const { units } = posting;
      const currency = valuer.currencyOf(units.currency);
      const local = valuer.localValue(units.currency, valuer.unitsOf(posting));
      add(currency, local);
      total = total.plus(local.times(valuer.rate(currency, baseCurrency)));
    }
    return { external: total, byCurrency };
  }
  for (const posting of [...own, ...internal]) {
    const currency = valuer.currencyOf(posting.units.currency);
    add(currency, bookedValue(posting, currency, valuer));
  }
  const given = external.reduce((sum, posting) => {
    const { units } = posting;
    const currency = valuer.currencyOf(units.currency);
    const local = valuer.localValue(units.currency, valuer.unitsOf(posting));
    return sum.plus(local.times(valuer.rate(currency, baseCurrency)));
  }, ZERO);
  return { external: given.negated(), byCurrency };
}

function isExternal({ account }: Posting, ledger: LedgerReader): boolean {
  const { kind, meta } = ledger.account(account);
  return (kind !== 'income' && kind !== 'expenses') || metaText(meta, 'flow') === 'external';
}

function isInKind(external: readonly Posting[], ledger: LedgerReader, valuer: DayValuer): boolean {
  if (external.length === 0) return false;
  return (
    external.every(({ account }) => ledger.account(account).kind === 'equity') ||
    external.some(({ units }) => valuer.currencyOf(units.currency) !== units.currency)
  );
}

function staysInOneCurrency(postings: readonly Posting[], valuer: DayValuer): boolean {
  const [first] = postings;
  if (first === undefined) return true;
  const currency = valuer.currencyOf(first.units.currency);
  return postings.every(({ units }) => valuer.currencyOf(units.currency) === currency);
}

/**
 * What a posting is booked at, in `currency`: money at its face; else at cost, which with the gain that
 * stands in income is what was paid; else at its price; else at the market.
 */
function bookedValue(posting: Posting, currency: string, valuer: DayValuer): Decimal {
  const units = posting.units.number.toDecimal();
  if (posting.units.currency === currency) return units;
  const basis = posting.cost ?? posting.price;
  if (basis === null) return valuer.localValue(posting.units.currency, valuer.unitsOf(posting));
  const value = units.times(basis.number.toDecimal());
  return basis.currency === currency ? value : value.times(valuer.rate(basis.currency, currency));
}
