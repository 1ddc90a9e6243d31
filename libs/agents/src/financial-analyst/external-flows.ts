import { ZERO, type Decimal } from '@dawsos/contracts';
import type { Portfolio, Posting, Transaction } from '@dawsos/ledger';
import type { LedgerReader } from '../capability';
import { isOwn } from './holdings';
import type { OutsidePosting, Role } from './role';

/** Values things at the close of one day; null where a price or a rate is missing. */
export interface DayValuer {
  /** The currency that the commodity counts in: its price's, or itself where it is money. */
  currencyOf(commodity: string): string;
  /** A posting's units as they are counted on the as-of day. */
  unitsOf(posting: Posting): Decimal;
  /** `units` of `commodity`, counted so, in that currency. */
  localValue(commodity: string, units: Decimal): Decimal | null;
  /** Units of `to` per unit of `from`. */
  rate(from: string, to: string): Decimal | null;
}

/** What one entry moved. */
export interface Movement {
  /** Into the portfolio from outside, in base currency; negative where it left; null where it cannot be valued. */
  readonly external: Decimal | null;
  /** Into each currency, from outside or from another currency, in the currency itself. */
  readonly byCurrency: ReadonlyMap<string, Decimal>;
}

/** Units that come or go without a trade: they count at the market. */
interface InKind {
  readonly postings: ReadonlySet<Posting>;
}

/** A posting's weight in its entry's balance: at cost, else at price, else its units. */
export function postingWeight({ units, cost, price }: Posting): { number: Decimal; currency: string } {
  const at = cost ?? price;
  const number = units.number.toDecimal();
  if (at === null) return { number, currency: units.currency };
  return { number: number.times(at.number.toDecimal()), currency: at.currency };
}

/** The roles of income and costs that belong to the day before its flows; a trade's result and costs come with the trade. */
const EARNED: ReadonlySet<Role | null> = new Set<Role>([
  'dividend',
  'interest',
  'accrued_interest',
  'fee',
  'tax_withheld',
]);

/** Income, interest and fees of an entry, net of tax withheld, by currency. */
export function earnedBy(outside: readonly OutsidePosting[]): ReadonlyMap<string, Decimal> {
  const earned = new Map<string, Decimal>();
  for (const { posting, role, isFlow } of outside) {
    if (isFlow || !EARNED.has(role)) continue;
    const { number, currency } = postingWeight(posting);
    earned.set(currency, (earned.get(currency) ?? ZERO).minus(number));
  }
  return earned;
}

/**
 * What an entry moves into the portfolio or out of it, and from currency to currency. `outside` says what its postings
 * outside the portfolio are (roles.ts).
 *
 * The external flow is what its outside flow postings weigh, sign turned, at the day's rates: it needs no price. Units in
 * kind add what the market says beyond their booked cost, units × (price − cost), since the cost that a lot brings
 * along is history (GIPS: fair value). In kind are units that move across the portfolio's boundary at their cost, or
 * that come against neither money of an asset or liability nor investment income. Undefined where nothing moves.
 */
export function movement(
  transaction: Transaction,
  outside: readonly OutsidePosting[],
  { portfolio, ledger, valuer }: { portfolio: Portfolio; ledger: LedgerReader; valuer: DayValuer },
): Movement | undefined {
  const own = transaction.postings.filter((posting) => isOwn(portfolio, posting.account));
  const flows = outside.filter(({ isFlow }) => isFlow).map(({ posting }) => posting);
  const internal = outside.filter(({ isFlow }) => !isFlow);
  if (flows.length === 0 && staysInOneCurrency([...own, ...internal.map(({ posting }) => posting)], valuer)) {
    return undefined;
  }
  const inKind = flows.length === 0 ? NONE : unitsInKind(transaction, { own, outside, ledger, valuer });
  const byCurrency = new Map<string, Decimal>();
  const add = (currency: string, value: Decimal | null): void => {
    if (value !== null) byCurrency.set(currency, (byCurrency.get(currency) ?? ZERO).plus(value));
  };
  for (const posting of own) add(...ownMovement(posting, inKind, valuer));
  for (const { posting, role } of internal) {
    if (inKind.postings.size > 0 && role === 'result') continue;
    const { number, currency } = postingWeight(posting);
    add(currency, number);
  }
  return { external: externalFlow(flows, internal, inKind, portfolio, valuer), byCurrency };
}

const NONE: InKind = { postings: new Set() };

/** Money at its face, units in kind at the market, other units at what they weigh. */
function ownMovement(posting: Posting, inKind: InKind, valuer: DayValuer): [string, Decimal | null] {
  const { units } = posting;
  const currency = valuer.currencyOf(units.currency);
  const number = units.number.toDecimal();
  if (currency === units.currency) return [currency, number];
  const weight = postingWeight(posting);
  if (inKind.postings.has(posting) || weight.currency === units.currency) {
    return [currency, valuer.localValue(units.currency, valuer.unitsOf(posting))];
  }
  return [currency, inCurrency(weight, currency, valuer)];
}

function inCurrency(
  { number, currency }: { number: Decimal; currency: string },
  to: string,
  valuer: DayValuer,
): Decimal | null {
  if (currency === to || number.isZero()) return number;
  const rate = valuer.rate(currency, to);
  return rate && number.times(rate);
}

function externalFlow(
  flows: readonly Posting[],
  internal: readonly OutsidePosting[],
  inKind: InKind,
  { baseCurrency }: Portfolio,
  valuer: DayValuer,
): Decimal | null {
  const weights = new Map<string, Decimal>();
  const add = ({ number, currency }: { number: Decimal; currency: string }, sign: 1 | -1): void => {
    weights.set(currency, (weights.get(currency) ?? ZERO).plus(number.times(sign)));
  };
  for (const posting of flows) add(moneyWeight(posting, valuer), -1);
  for (const posting of inKind.postings) {
    const currency = valuer.currencyOf(posting.units.currency);
    const number = valuer.localValue(posting.units.currency, valuer.unitsOf(posting));
    if (number === null) return null;
    add({ number, currency }, 1);
    add(moneyWeight(posting, valuer), -1);
  }
  // A gain that was booked with the units brought them to the market already.
  if (inKind.postings.size > 0) {
    for (const { posting, role } of internal) if (role === 'result') add(moneyWeight(posting, valuer), -1);
  }
  let total = ZERO;
  for (const [currency, number] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const value = inCurrency({ number, currency }, baseCurrency, valuer);
    if (value === null) return null;
    total = total.plus(value);
  }
  return total;
}

/** What a posting weighs, in money: units without cost or price weigh themselves, and count at the market. */
function moneyWeight(posting: Posting, valuer: DayValuer): { number: Decimal; currency: string } {
  const weight = postingWeight(posting);
  const currency = valuer.currencyOf(weight.currency);
  if (currency === weight.currency) return weight;
  return { number: valuer.localValue(weight.currency, valuer.unitsOf(posting)) ?? weight.number, currency };
}

function unitsInKind(
  { postings }: Transaction,
  at: {
    readonly own: readonly Posting[];
    readonly outside: readonly OutsidePosting[];
    readonly ledger: LedgerReader;
    readonly valuer: DayValuer;
  },
): InKind {
  const { own, outside, ledger, valuer } = at;
  const isMoney = ({ units }: Posting): boolean => valuer.currencyOf(units.currency) === units.currency;
  const isBalance = ({ account }: Posting): boolean => {
    const { kind } = ledger.account(account);
    return kind === 'assets' || kind === 'liabilities';
  };
  const againstMoney = postings.some((posting) => isMoney(posting) && isBalance(posting));
  const againstIncome = outside.some(({ role }) => role === 'dividend' || role === 'interest');
  const things = own.filter((posting) => !isMoney(posting));
  if (!againstMoney && !againstIncome) return { postings: new Set(things) };
  const elsewhere = outside.map(({ posting }) => posting);
  return {
    postings: new Set(things.filter((posting) => elsewhere.some((other) => crosses(posting, other)))),
  };
}

/** The same units at the same cost, the other way. */
function crosses(one: Posting, other: Posting): boolean {
  const [a, b] = [one.units.number.toDecimal(), other.units.number.toDecimal()];
  if (one.units.currency !== other.units.currency || !a.plus(b).isZero()) return false;
  if (one.cost === null || other.cost === null) return one.cost === other.cost && one.price === null;
  return (
    one.cost.currency === other.cost.currency &&
    one.cost.number.toDecimal().equals(other.cost.number.toDecimal())
  );
}

function staysInOneCurrency(postings: readonly Posting[], valuer: DayValuer): boolean {
  const [first] = postings;
  if (first === undefined) return true;
  const currency = valuer.currencyOf(first.units.currency);
  return postings.every((posting) => {
    const weight = postingWeight(posting);
    return (
      valuer.currencyOf(posting.units.currency) === currency &&
      (weight.currency === currency || weight.currency === posting.units.currency)
    );
  });
}
