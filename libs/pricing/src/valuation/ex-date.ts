import { addDays, daysBetween, Decimal, ONE, type IsoDate } from '@dawsos/contracts';
import type { CommoditySplit } from '@dawsos/ledger';
import { WEEKDAYS } from '../calendar/market-calendar';

export interface DatedQuote {
  readonly date: IsoDate;
  readonly number: Decimal;
  readonly currency: string;
}

/**
 * The first day on which quotes are of the new unit, and how it is known: the ledger declares it, the quotes jump on
 * it, or it is taken to be the day of the booking. `untellable`: the quotes go on around the booking as if nothing had
 * happened, so they look adjusted for it.
 */
export interface EffectiveSplit {
  readonly ratio: Decimal;
  readonly exDate: IsoDate;
  readonly basis: 'declared' | 'quotes' | 'assumed' | 'untellable';
  readonly bookedOn: IsoDate | null;
}

/** Sessions around the booking within which any jump that is nearer to the split than to nothing is the split's. */
export const NEAR_SESSIONS = 3;
/** Calendar days around it within which a jump is, that fits to `FIT_TOLERANCE`. */
export const FAR_DAYS = 31;
export const FIT_TOLERANCE = new Decimal('0.15');
/** Smaller splits cannot be told from a day's move. */
export const LEAST_RATIO = new Decimal('1.5');

/**
 * When each split of a commodity took effect in its quotes. Brokers book a split on the evening before, on the day,
 * or days later; quotes change on the ex-date, by 1 / ratio.
 */
export function effectiveSplits(
  splits: readonly CommoditySplit[],
  quotes: readonly DatedQuote[],
): EffectiveSplit[] {
  const jumps = jumpsOf(quotes);
  return splits.map((split) => {
    const { ratio, exDate, bookedOn } = split;
    if (exDate !== null) return { ratio, exDate, basis: 'declared', bookedOn };
    const booked = bookedOn ?? (quotes[0]?.date as IsoDate);
    if (ratio.gt(ONE.div(LEAST_RATIO)) && ratio.lt(LEAST_RATIO)) {
      return { ratio, exDate: booked, basis: 'assumed', bookedOn };
    }
    const jump = bestJump(ratio, booked, jumps);
    if (jump !== undefined) {
      jumps.delete(jump);
      const within = jump.before < booked && booked <= jump.date;
      return { ratio, exDate: within ? booked : jump.date, basis: 'quotes', bookedOn };
    }
    const later = quotes.some(({ date }) => date > booked);
    const earlier = quotes.some(({ date }) => date < booked);
    if (later && earlier) return { ratio, exDate: booked, basis: 'untellable', bookedOn };
    // no quote since: the newest is still of the old unit, on the day of the booking too
    const unchanged = earlier && quotes.some(({ date }) => date === booked);
    return { ratio, exDate: unchanged ? addDays(booked, 1) : booked, basis: 'assumed', bookedOn };
  });
}

interface Jump {
  readonly before: IsoDate;
  readonly date: IsoDate;
  /** The later quote over the earlier one. */
  readonly factor: Decimal;
}

/** From each quote to the next in the same currency. */
function jumpsOf(quotes: readonly DatedQuote[]): Set<Jump> {
  const jumps = new Set<Jump>();
  const last = new Map<string, DatedQuote>();
  for (const quote of quotes) {
    const before = last.get(quote.currency);
    last.set(quote.currency, quote);
    if (before === undefined || !before.number.gt(0) || !quote.number.gt(0)) continue;
    jumps.add({ before: before.date, date: quote.date, factor: quote.number.div(before.number) });
  }
  return jumps;
}

function bestJump(ratio: Decimal, booked: IsoDate, jumps: ReadonlySet<Jump>): Jump | undefined {
  const expected = ONE.div(ratio).ln();
  const tolerance = ONE.plus(FIT_TOLERANCE).ln();
  const fitting = [...jumps]
    .filter(({ before, date }) => isAround(before, date, booked))
    .map((jump) => {
      const move = jump.factor.ln();
      const fit = move.minus(expected).abs();
      const isNear = isWithinSessions(jump, booked) ? fit.lt(move.abs()) : fit.lte(tolerance);
      return { jump, fit, rank: isWithinSessions(jump, booked) ? 0 : 1, isNear };
    })
    .filter(({ isNear }) => isNear)
    .sort((a, b) => a.rank - b.rank || a.fit.cmp(b.fit));
  return fitting[0]?.jump;
}

/** Between two quotes that the booking lies between there are no others, however far apart they are. */
function isAround(before: IsoDate, date: IsoDate, booked: IsoDate): boolean {
  return (before < booked && booked <= date) || Math.abs(daysBetween(booked, date)) <= FAR_DAYS;
}

function isWithinSessions({ before, date }: Jump, booked: IsoDate): boolean {
  if (before < booked && booked <= date) return true;
  const sessions =
    date < booked ? WEEKDAYS.sessionsBetween(date, booked) : WEEKDAYS.sessionsBetween(booked, date);
  return sessions <= NEAR_SESSIONS;
}
