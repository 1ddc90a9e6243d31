import { Decimal, type IsoDate } from '@dawsos/contracts';
import { laterBy, SHARES, unitsOf, type Entry, type Leg, type SmallBook } from './small-book';

export interface SplitForm {
  /** The new lots carry the dates of the old ones, or Beancount's: the day of the entry. */
  readonly dated: boolean;
  /** A directive tells the day on which prices change. */
  readonly declared?: boolean;
  /** Days between the booking and the first day of the new units. */
  readonly daysBefore?: number;
}

interface OpenLot {
  readonly units: Decimal;
  readonly cost: Decimal;
  readonly date: IsoDate;
}

/** The ledger as it would be, had AAA been split on a day: units, costs and quotes from then on are of the new size. */
export function withSplit(book: SmallBook, pick: number, form: SplitForm): SmallBook | undefined {
  const ratio = pick % 2 === 0 ? 2 : 4;
  const days = [
    ...new Set(book.quotes.filter(({ commodity }) => commodity === 'AAA').map(({ date }) => date)),
  ];
  const day = days[1 + (pick % Math.max(1, days.length - 1))];
  if (day === undefined) return undefined;
  const booked = laterBy(day, -(form.daysBefore ?? 0));
  // Between the booking and the ex-date nothing else may happen: those entries would be of neither size.
  const quiet = book.entries.every(({ date }) => date < booked || date >= day);
  const lots = openLots(book, booked);
  if (!quiet || lots.length === 0) return undefined;
  // Lots of equal costs are one lot where their dates are lost.
  if (!form.dated && new Set(lots.map(({ cost }) => cost.toFixed())).size < lots.length) return undefined;
  const costText = ({ cost, date }: OpenLot): string => `${cost.div(ratio).toFixed()} USD, ${date}`;
  const entry: Entry = {
    date: booked,
    kind: 'other',
    legs: lots.flatMap((lot) => [
      {
        account: SHARES,
        units: `${lot.units.negated().toFixed()} AAA`,
        cost: `${lot.cost.toFixed()} USD, ${lot.date}`,
      },
      {
        account: SHARES,
        units: `${lot.units.times(ratio).toFixed()} AAA`,
        cost: form.dated ? costText(lot) : `${lot.cost.div(ratio).toFixed()} USD`,
      },
    ]),
  };
  const resized = (leg: Leg): Leg => {
    const units = unitsOf(leg);
    if (units?.currency !== 'AAA') return leg;
    const [cost, date] = leg.cost?.split(', ') ?? [];
    const old = lots.some((lot) => lot.date === date);
    const acquired = old && !form.dated ? booked : date;
    return {
      account: leg.account,
      units: `${units.number.times(ratio).toFixed()} AAA`,
      ...(cost === undefined ? {} : { cost: [smaller(cost, ratio), acquired].filter(Boolean).join(', ') }),
      ...(leg.price === undefined ? {} : { price: smaller(leg.price, ratio) }),
    };
  };
  const before = book.entries.filter(({ date }) => date < day);
  const after = book.entries.filter(({ date }) => date >= day);
  return {
    ...book,
    more: form.declared === true ? [`${day} custom "split" "AAA" ${String(ratio)}`] : book.more,
    entries: [...before, entry, ...after.map((one) => ({ ...one, legs: one.legs.map(resized) }))],
    quotes: book.quotes.map((quote) =>
      quote.commodity === 'AAA' && quote.date >= day ? { ...quote, number: quote.number.div(ratio) } : quote,
    ),
  };
}

/** The first number of a text, divided. */
const smaller = (text: string, ratio: number): string =>
  text.replace(/[\d.]+/, (number) => new Decimal(number).div(ratio).toFixed());

function openLots({ entries }: SmallBook, until: IsoDate): OpenLot[] {
  const open = new Map<string, OpenLot>();
  for (const { date, legs } of entries.filter((entry) => entry.date < until)) {
    for (const leg of legs) {
      const units = unitsOf(leg);
      if (units?.currency !== 'AAA' || leg.cost === undefined) continue;
      const [cost = '', acquired = date] = leg.cost.split(', ');
      const number = new Decimal(cost.split(' ')[0] ?? 'NaN');
      const key = `${number.toFixed()} ${acquired}`;
      const before = open.get(key)?.units ?? new Decimal(0);
      open.set(key, { units: before.plus(units.number), cost: number, date: acquired as IsoDate });
    }
  }
  return [...open.values()].filter(({ units }) => !units.isZero());
}
