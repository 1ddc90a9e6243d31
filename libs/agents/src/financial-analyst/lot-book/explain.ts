import { Decimal, ZERO } from '@dawsos/contracts';
import { metaText } from '../holdings';
import type { Change, Explained, Fault } from './changes';
import { exchanged } from './exchanges';
import type { Explaining } from './explaining';
import { costOf, sumOf, type Leg } from './legs';

/**
 * Why the units of an entry move. Of units that leave the first that fits:
 *
 * 1. metadata `event` of the entry says;
 * 2. equal units at an equal cost come back, in whatever account: moved;
 * 3. they have a price: sold, or a short position is covered;
 * 4. other commodities come in and the cost carries over: a spin-off where the commodity comes back too, else a
 *    merger, or the exercise of an option where money was paid;
 * 5. the commodity comes back: a split, a return of capital, an adjusted basis;
 * 6. money comes in, or a result is booked: sold, for the cost less the result;
 * 7. they go to equity, expenses or accounts outside: given in kind;
 * 8. else nothing explains it.
 */
export function explain(entry: Explaining): Explained {
  const changes: Change[] = [];
  const faults: Fault[] = [];
  const moves = movesOf(entry);
  for (const name of new Set(moves.from.map(lotName))) {
    const of = (leg: Leg): boolean => lotName(leg) === name;
    const [from, to] = [moves.from.filter(of), moves.to.filter(of)];
    changes.push({ kind: 'moved', from, to, currency: currencyOf(from), ...NOTHING });
  }
  const coming = entry.legs.coming.filter((leg) => !moves.to.includes(leg));
  const { leaving } = moves;
  const isPriced = ({ posting }: Leg): boolean => posting.price !== null;
  const event = metaText(entry.transaction.meta, 'event');
  const priced = event === null ? leaving.filter(isPriced) : [];
  for (const leg of priced) changes.push(atPrice(leg));
  const open = leaving.filter((leg) => !priced.includes(leg));
  const isAdded = event === 'split' && open.length === 0 && coming.length > 0;
  if (isAdded)
    changes.push({ kind: 'split', from: [], to: coming, currency: currencyOf(coming), ...NOTHING });
  const exchange = exchanged(entry, event, open, isAdded ? [] : coming);
  changes.push(...exchange.changes);
  faults.push(...exchange.faults);
  const left = departures(entry, exchange.leaving, priced);
  changes.push(...left.changes);
  faults.push(...left.faults);
  if (event !== null && WITH_A_PARENT.has(event) && entry.legs.leaving.length === 0) {
    faults.push(...coming.map((leg) => withoutParent(leg, event)));
  }
  const isSold = changes.some(({ kind }) => kind === 'sold');
  const came = arrivals(entry, exchange.coming, event, isSold);
  changes.push(...came.changes);
  faults.push(...came.faults);
  for (const leg of entry.legs.astray) {
    changes.push({ kind: 'unexplained', leg });
    faults.push({
      code: 'lots_do_not_reconcile',
      commodity: leg.commodity,
      detail: `${leg.units.toFixed()} ${leg.commodity} leave ${leg.account} at a cost that no lot there has, while it holds others: book the sale against its lot`,
    });
  }
  return { changes, faults };
}

/** Events in which what comes has its history from what leaves. */
const WITH_A_PARENT: ReadonlySet<string> = new Set(['spin_off', 'merger', 'exercise']);

const withoutParent = ({ commodity }: Leg, event: string): Fault => ({
  code: 'event_incomplete',
  commodity,
  detail:
    `${commodity} comes by event "${event}", and nothing leaves in the entry that its dates and cost are from: ` +
    'book the lots that it comes from out, and back in where they stay, with the cost shared',
});

const NOTHING = { added: ZERO, returned: ZERO, inLieu: null } as const;
const currencyOf = ([leg]: readonly Leg[]): string => leg?.cost.currency ?? '';

/** What a leg must share with another to have come back as it left. */
const lotName = ({ commodity, side, cost }: Leg): string =>
  JSON.stringify([commodity, side, cost.currency, cost.number.toDecimal().toFixed()]);

/** Legs that come back as they left, whole or in part; `leaving` is what does not come back. */
interface Moves {
  readonly from: readonly Leg[];
  readonly to: readonly Leg[];
  readonly leaving: readonly Leg[];
}

/** One for one; or all of one cost; or what comes back of it, the rest being spent or sold in the same entry. */
function movesOf({ legs }: Explaining): Moves {
  const [from, to]: [Leg[], Leg[]] = [[], []];
  for (const leg of legs.leaving) {
    const back = legs.coming.find(
      (one) => !to.includes(one) && lotName(one) === lotName(leg) && one.units.equals(leg.units),
    );
    if (back === undefined) continue;
    from.push(leg);
    to.push(back);
  }
  let leaving = legs.leaving.filter((leg) => !from.includes(leg));
  for (const name of new Set(leaving.map(lotName))) {
    const of = (leg: Leg): boolean => lotName(leg) === name;
    const came = legs.coming.filter((leg) => of(leg) && !to.includes(leg));
    const [left, back] = [leaving.filter(of), sumOf(came, ({ units }) => units)];
    const gone = sumOf(left, ({ units }) => units);
    if (came.length === 0 || gone.lessThan(back)) continue;
    if (!gone.equals(back) && left.some(({ posting }) => posting.price !== null)) continue;
    const [moved, rest] = cut(left, back);
    from.push(...moved);
    to.push(...came);
    leaving = [...leaving.filter((leg) => !of(leg)), ...rest];
  }
  return { from, to, leaving };
}

/** The first `units` of some legs, and the rest. */
function cut(legs: readonly Leg[], units: Decimal): readonly [Leg[], Leg[]] {
  const [first, rest]: [Leg[], Leg[]] = [[], []];
  let wanted = units;
  for (const leg of legs) {
    const part = Decimal.min(leg.units, wanted);
    wanted = wanted.minus(part);
    if (part.equals(leg.units)) first.push(leg);
    else if (part.isZero()) rest.push(leg);
    else {
      first.push({ ...leg, units: part });
      rest.push({ ...leg, units: leg.units.minus(part) });
    }
  }
  return [first, rest];
}

function atPrice(leg: Leg): Change {
  const { price } = leg.posting;
  const number = price?.number.toDecimal() ?? ZERO;
  return {
    kind: leg.side === 'long' ? 'sold' : 'covered',
    leg,
    amount: leg.units.times(number),
    currency: price?.currency ?? leg.cost.currency,
    joinsSale: false,
  };
}

/** What is left of those that leave without a price and without coming back in any form. */
function departures(entry: Explaining, leaving: readonly Leg[], priced: readonly Leg[]): Explained {
  const changes: Change[] = [];
  const faults: Fault[] = [];
  for (const currency of new Set(leaving.map(({ cost }) => cost.currency))) {
    const legs = leaving.filter(({ cost }) => cost.currency === currency);
    const amounts = entry.amountsIn(currency);
    const result = amounts.result.minus(expectedResult(priced, currency));
    const isLong = legs.every(({ side }) => side === 'long');
    const paid = isLong ? amounts.money : amounts.money.negated();
    // What costs of trading took of the money is money too.
    const isCosted = !amounts.tradingCosts.isZero() && !amounts.hasEquity && !amounts.hasExpenses;
    const isForMoney = paid.greaterThan(ZERO) || !result.isZero() || isCosted;
    const commodities = [...new Set(legs.map(({ commodity }) => commodity))];
    const unexplained = (code: string, detail: string): void => {
      changes.push(...legs.map((leg): Change => ({ kind: 'unexplained', leg })));
      faults.push(...commodities.map((commodity) => ({ code, commodity, detail })));
    };
    const names = commodities.join(', ');
    if (isForMoney && amounts.unclassified.length > 0) {
      const accounts = [...new Set(amounts.unclassified.map(({ posting }) => posting.account))];
      unexplained(
        'role_unclassified',
        `${names} leaves without a price, and nothing tells what ${accounts.join(', ')} is: write role: "result" or another role under its open directive`,
      );
    } else if (isForMoney && (commodities.length > 1 || amounts.hasEquity)) {
      unexplained(
        'departure_unexplained',
        `${names} leave in one entry without a price: the entry does not tell what each went for; write its price (@) on each`,
      );
    } else if (isForMoney) {
      const isDelivered = !isLong && priced.some(({ side }) => side === 'long');
      changes.push(...forMoney(legs, result, currency, isDelivered));
    } else if (isLong && (amounts.hasEquity || amounts.hasExpenses)) {
      changes.push(...legs.map((leg): Change => ({ kind: 'given', leg })));
    } else {
      unexplained(
        'departure_unexplained',
        `${names} leaves, and the entry does not tell why: write a price (@), a result account, or metadata event`,
      );
    }
  }
  return { changes, faults };
}

/** Sold for cost less result; a short position closed at what it was opened for plus the result. */
function forMoney(legs: readonly Leg[], result: Decimal, currency: string, isDelivered: boolean): Change[] {
  const units = sumOf(legs, (leg) => leg.units);
  const cost = sumOf(legs, costOf);
  return legs.map((leg): Change => {
    const share = (whole: Decimal): Decimal =>
      legs.length === 1 ? whole : whole.times(leg.units).div(units);
    return leg.side === 'long'
      ? { kind: 'sold', leg, amount: share(cost.minus(result)), currency, joinsSale: false }
      : { kind: 'covered', leg, amount: share(cost.plus(result)), currency, joinsSale: isDelivered };
  });
}

/** The result that units sold at a price leave to be booked: cost less price, a gain negative. */
export function expectedResult(priced: readonly Leg[], currency: string): Decimal {
  return sumOf(
    priced.filter(({ posting, cost }) => posting.price?.currency === currency && cost.currency === currency),
    (leg) => {
      const lost = costOf(leg).minus(leg.units.times(leg.posting.price?.number.toDecimal() ?? ZERO));
      return leg.side === 'long' ? lost : lost.negated();
    },
  );
}

/** Lots that come with no history of their own. */
function arrivals(
  entry: Explaining,
  coming: readonly Leg[],
  event: string | null,
  isSold: boolean,
): Explained {
  const faults: Fault[] = [];
  const changes = coming.map((leg): Change => {
    const { posting, cost, units, commodity, side, account } = leg;
    const { currency } = cost;
    if (side === 'short') {
      const { price } = posting;
      const amount = units.times((price ?? cost).number.toDecimal());
      return { kind: 'shorted', leg, amount, currency: (price ?? cost).currency };
    }
    const { hasPay, money, income } = entry.amountsIn(currency);
    if (cost.number.toDecimal().isZero() && event === null && !hasPay) {
      faults.push({
        code: 'acquired_at_zero_cost',
        commodity,
        detail: `${units.toFixed()} ${commodity} come to ${account} at a cost of 0 on ${entry.transaction.date}, from nowhere: write their cost, or metadata event on the entry`,
      });
    }
    const isGivenFor = hasPay || money.isNegative() || !income.isZero() || isSold;
    return { kind: isGivenFor ? 'bought' : 'received', leg, amount: costOf(leg), currency };
  });
  return { changes, faults };
}
