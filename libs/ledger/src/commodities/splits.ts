import { addDays, daysBetween, Decimal, ONE, ZERO, type IsoDate } from '@dawsos/contracts';
import type { Custom, Ledger, MetaValue, Transaction } from '../model';
import type { CommodityFault, CommoditySplit, SplitBooking } from './commodity-facts';
import { bookedSplits, type BookedSplit } from './split-bookings';

/** Bookings of one ratio within so many days of the first are one split. */
export const BOOKING_DAYS = 7;
/** A declaration belongs to bookings so many days around its day. */
const DECLARED_DAYS = 31;
const RATIO_TOLERANCE = new Decimal('0.001');

interface Declaration {
  readonly commodity: string;
  readonly ratio: Decimal;
  readonly date: IsoDate;
  readonly exDate: IsoDate | null;
}

interface Gathered {
  readonly commodity: string;
  readonly ratio: Decimal;
  readonly first: IsoDate;
  readonly bookings: SplitBooking[];
  exDate: IsoDate | null;
}

export interface SplitsOf {
  readonly splits: readonly CommoditySplit[];
  readonly faults: readonly CommodityFault[];
}

/** The splits of each commodity that the ledger books or declares (`custom "split" "ABC" 2`, metadata `ex_date`). */
export function ledgerSplits(ledger: Ledger): ReadonlyMap<string, SplitsOf> {
  const transactions = ledger.entries.filter((entry) => entry.type === 'transaction');
  const booked = transactions.flatMap(bookedSplits);
  const declared = ledger.entries.filter((entry) => entry.type === 'custom').flatMap(declaration);
  const names = new Set([...booked, ...declared].map(({ commodity }) => commodity));
  if (names.size === 0) return new Map();
  const holdings = new Holdings(ledger, transactions, names);
  return new Map(
    [...names].map((commodity) => {
      const own = booked.filter((split) => split.commodity === commodity);
      const said = declared.filter((split) => split.commodity === commodity);
      return [commodity, splitsOf(own, said, holdings)];
    }),
  );
}

function splitsOf(
  booked: readonly BookedSplit[],
  declared: readonly Declaration[],
  holdings: Holdings,
): SplitsOf {
  const faults: CommodityFault[] = [];
  const gathered: Gathered[] = [];
  for (const booking of booked) {
    const ratio = booking.ratio ?? holdings.ratioOf(booking);
    if (ratio.equals(ONE)) continue;
    const { entry, accounts, commodity } = booking;
    const booked = { date: entry.date, location: entry.location, accounts };
    const near = gathered.filter(({ first }) => daysBetween(first, entry.date) <= BOOKING_DAYS);
    const same = near.find((split) => isSameRatio(split.ratio, ratio));
    const exDate = dateOf(entry.meta.get('ex_date'));
    if (same !== undefined) {
      same.bookings.push(booked);
      same.exDate ??= exDate;
      continue;
    }
    const [other] = near;
    if (other !== undefined) faults.push(ratiosDiffer(other, ratio, entry.date));
    gathered.push({ commodity, ratio, first: entry.date, bookings: [booked], exDate });
  }
  const unbooked: CommoditySplit[] = [];
  for (const said of declared) {
    const day = said.exDate ?? said.date;
    const match = gathered.find(
      ({ ratio, first }) =>
        isSameRatio(ratio, said.ratio) && Math.abs(daysBetween(first, day)) <= DECLARED_DAYS,
    );
    if (match !== undefined) match.exDate = said.exDate ?? match.exDate;
    else unbooked.push(notBooked(said, day, holdings));
  }
  const splits = [
    ...gathered.map(({ commodity, ratio, exDate, first, bookings }) => ({
      commodity,
      ratio,
      exDate,
      bookedOn: first,
      bookings,
      leftOut: holdings.leftOut(commodity, first, bookings),
    })),
    ...dropRepeated(unbooked),
  ];
  return { splits: splits.sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : 1)), faults };
}

function notBooked({ commodity, ratio }: Declaration, day: IsoDate, holdings: Holdings): CommoditySplit {
  const leftOut = holdings.leftOut(commodity, day, []);
  return { commodity, ratio, exDate: day, bookedOn: null, bookings: [], leftOut };
}

/** A later announcement of an ex-date takes the place of an earlier one. */
const dropRepeated = (splits: readonly CommoditySplit[]): CommoditySplit[] => [
  ...new Map(splits.map((split) => [split.exDate, split])).values(),
];

const dayOf = ({ exDate, bookedOn }: CommoditySplit): string => bookedOn ?? exDate ?? '';

const isSameRatio = (one: Decimal, other: Decimal): boolean =>
  one.minus(other).abs().lte(one.times(RATIO_TOLERANCE));

function ratiosDiffer({ commodity, ratio, first }: Gathered, other: Decimal, date: IsoDate): CommodityFault {
  return {
    code: 'split_ratios_differ',
    date,
    detail:
      `${commodity} is booked as split ${ratio.toFixed()} for 1 on ${first} and ${other.toFixed()} for 1 on ${date}; ` +
      `correct one, or write ${first} custom "split" "${commodity}" RATIO with metadata ex_date`,
  };
}

function declaration({ name, values, meta, date }: Custom): Declaration[] {
  const [commodity, ratio] = values;
  const named = commodity?.kind === 'string' || commodity?.kind === 'currency';
  if (name !== 'split' || !named || ratio?.kind !== 'number') return [];
  const number = ratio.value.toDecimal();
  if (!number.gt(0) || number.equals(ONE)) return [];
  return [{ commodity: commodity.value, ratio: number, date, exDate: dateOf(meta.get('ex_date')) }];
}

const dateOf = (value: MetaValue | undefined): IsoDate | null =>
  value?.kind === 'date' ? (value.value as IsoDate) : null;

/** What the ledger's own accounts hold of some commodities, entry by entry. */
class Holdings {
  private readonly changes = new Map<string, { date: IsoDate; account: string; units: Decimal }[]>();
  private readonly before = new Map<Transaction, Map<string, Decimal>>();

  constructor(ledger: Ledger, transactions: readonly Transaction[], names: ReadonlySet<string>) {
    const { nameAssets, nameLiabilities } = ledger.options;
    const roots = new Set([nameAssets, nameLiabilities]);
    const totals = new Map<string, Decimal>();
    for (const entry of transactions) {
      for (const { account, units } of entry.postings) {
        if (!names.has(units.currency) || !roots.has(account.split(':', 1)[0] ?? '')) continue;
        const key = `${account} ${units.currency}`;
        const held = totals.get(key) ?? ZERO;
        const first = this.before.get(entry) ?? new Map<string, Decimal>();
        this.before.set(entry, first);
        if (!first.has(key)) first.set(key, held);
        const number = units.number.toDecimal();
        totals.set(key, held.plus(number));
        const changes = this.changes.get(units.currency) ?? [];
        this.changes.set(units.currency, changes);
        changes.push({ date: entry.date, account, units: number });
      }
    }
  }

  /** The ratio of a booking that only adds units: what is held after for what was held before. */
  ratioOf({ entry, commodity, accounts, added }: BookedSplit): Decimal {
    const held = accounts.reduce(
      (sum, account) => sum.plus(this.before.get(entry)?.get(`${account} ${commodity}`) ?? ZERO),
      ZERO,
    );
    return held.isZero() ? ONE : held.plus(added).div(held);
  }

  /** Accounts that hold the commodity since before the day, at the end of the days for its booking, and book nothing. */
  leftOut(commodity: string, day: IsoDate, bookings: readonly SplitBooking[]): string[] {
    const booked = new Set(bookings.flatMap(({ accounts }) => accounts));
    const end = addDays(day, BOOKING_DAYS);
    const [held, kept] = [new Map<string, Decimal>(), new Map<string, Decimal>()];
    for (const { date, account, units } of this.changes.get(commodity) ?? []) {
      if (date > end || booked.has(account)) continue;
      kept.set(account, (kept.get(account) ?? ZERO).plus(units));
      if (date < day) held.set(account, (held.get(account) ?? ZERO).plus(units));
    }
    return [...held]
      .filter(([account, units]) => !units.isZero() && kept.get(account)?.isZero() === false)
      .map(([account]) => account)
      .sort();
  }
}
