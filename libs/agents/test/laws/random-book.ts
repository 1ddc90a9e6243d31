import { Decimal, isoDate, ZERO, type IsoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import {
  CASH,
  laterBy,
  OWNER,
  ROLES,
  SHARES,
  type BookQuote,
  type Entry,
  type SmallBook,
} from './small-book';

export interface BookOptions {
  /** The kinds of entries beside the first, a deposit. */
  readonly kinds?: readonly Entry['kind'][];
  /** What each security is quoted in. */
  readonly securities?: Readonly<Record<string, string>>;
  /** A quote of every security on each day of an entry and on the last day. */
  readonly quotedAtEntries?: boolean;
  /** Quotes of securities on other days. */
  readonly maxQuotes?: number;
  readonly maxEntries?: number;
  /** Days between two entries at most. */
  readonly maxGap?: number;
  /** Trades are at the quote of their day. */
  readonly tradesAtQuote?: boolean;
  /** Up to three times the money that is there may leave. */
  readonly overdrawn?: boolean;
}

const KINDS: readonly Entry['kind'][] = ['deposit', 'withdrawal', 'buy', 'buy', 'sell', 'income', 'fee'];
const MONDAY = isoDate('2024-01-01');

interface Lot {
  readonly units: Decimal;
  readonly cost: Decimal;
  readonly date: IsoDate;
}

/** What is drawn of an entry: small whole numbers, so that a counterexample shrinks to a readable one. */
interface Draw {
  readonly kind: number;
  readonly gap: number;
  readonly which: number;
  readonly size: number;
  readonly move: number;
}

/** Random ledgers of one portfolio: a first deposit, then entries that money and holdings allow, and quotes. */
export function smallBooks(options: BookOptions = {}): fc.Arbitrary<SmallBook> {
  const { maxEntries = 10, maxQuotes = 8, maxGap = 6 } = options;
  return fc
    .record({
      first: fc.integer({ min: 0, max: 6 }),
      deposit: fc.integer({ min: 100, max: 2_000 }),
      draws: fc.array(
        fc.record({
          kind: fc.nat(41),
          gap: fc.nat(maxGap),
          which: fc.nat(1),
          size: fc.integer({ min: 1, max: 100 }),
          move: fc.integer({ min: -10, max: 10 }),
        }),
        { minLength: 1, maxLength: maxEntries },
      ),
      quotes: fc.array(
        fc.record({ day: fc.nat(60), which: fc.nat(1), move: fc.integer({ min: -10, max: 10 }) }),
        { maxLength: maxQuotes },
      ),
      tail: fc.nat(6),
    })
    .map((drawn) => new BookBuilder(options).build(drawn));
}

interface Drawn {
  readonly first: number;
  readonly deposit: number;
  readonly draws: readonly Draw[];
  readonly quotes: readonly { readonly day: number; readonly which: number; readonly move: number }[];
  readonly tail: number;
}

class BookBuilder {
  private readonly entries: Entry[] = [];
  private readonly lots = new Map<string, Lot[]>();
  private readonly prices = new Map<string, Decimal>();
  private readonly quotes = new Map<string, BookQuote>();
  private readonly securities: Readonly<Record<string, string>>;
  private cash = ZERO;

  constructor(private readonly options: BookOptions) {
    this.securities = options.securities ?? { AAA: 'USD', BBB: 'USD' };
  }

  build({ first, deposit, draws, quotes, tail }: Drawn): SmallBook {
    const { kinds = KINDS } = this.options;
    const start = laterBy(MONDAY, first);
    let day = start;
    for (const name of Object.keys(this.securities))
      this.quote(name, day, new Decimal(name === 'AAA' ? 10 : 20));
    this.flow('deposit', day, new Decimal(deposit));
    const random = [...quotes].sort((a, b) => a.day - b.day);
    const quoteUntil = (date: IsoDate): void => {
      while (random[0] !== undefined && laterBy(start, random[0].day) <= date) {
        const one = random.shift();
        if (one !== undefined) this.moved(this.nameOf(one.which), laterBy(start, one.day), one.move);
      }
    };
    for (const draw of draws) {
      day = laterBy(day, draw.gap);
      quoteUntil(day);
      if (this.options.quotedAtEntries === true) {
        for (const name of Object.keys(this.securities))
          this.moved(name, day, name === 'AAA' ? draw.move : -draw.move);
      }
      this.enter(kinds[draw.kind % kinds.length] ?? 'deposit', day, draw);
    }
    const end = laterBy(day, tail + 1);
    quoteUntil(end);
    if (this.options.quotedAtEntries === true)
      for (const name of Object.keys(this.securities)) this.moved(name, end, tail - 3);
    return {
      base: 'USD',
      root: 'Assets:Inv',
      roles: ROLES,
      more: [],
      entries: this.entries,
      quotes: [...this.quotes.values()],
      start,
      end,
    };
  }

  private nameOf(which: number): string {
    const names = Object.keys(this.securities);
    return names[which % names.length] ?? 'AAA';
  }

  /** A quote of so many percent more than the last; one a day. */
  private moved(name: string, date: IsoDate, percent: number): void {
    if (this.quotes.has(`${name} ${date}`)) return;
    const last = this.prices.get(name) ?? ZERO;
    this.quote(
      name,
      date,
      Decimal.max(
        last
          .times(100 + percent)
          .div(100)
          .toDecimalPlaces(2),
        '0.5',
      ),
    );
  }

  private quote(commodity: string, date: IsoDate, number: Decimal): void {
    const currency = this.securities[commodity] ?? 'USD';
    this.quotes.set(`${commodity} ${date}`, { commodity, date, number, currency });
    this.prices.set(commodity, number);
  }

  private enter(kind: Entry['kind'], day: IsoDate, draw: Draw): void {
    const { which, size, move } = draw;
    const name = this.nameOf(which);
    const quoted = this.prices.get(name) ?? ZERO;
    const price =
      this.options.tradesAtQuote === true
        ? quoted
        : Decimal.max(
            quoted
              .times(100 + move / 2)
              .div(100)
              .toDecimalPlaces(2),
            '0.5',
          );
    const most = this.options.overdrawn === true ? 33 : 200;
    const part = this.cash.times(size).div(most).toDecimalPlaces(2, Decimal.ROUND_DOWN);
    if (kind === 'deposit') this.flow('deposit', day, new Decimal(size * 10));
    else if (kind === 'withdrawal' && part.gt(1)) this.flow('withdrawal', day, part.negated());
    else if (kind === 'buy') this.buy(name, day, Decimal.min(size, this.cash.div(price).floor()), price);
    else if (kind === 'sell') this.sell(name, day, size, price);
    else if (kind === 'income') this.income(name, day, new Decimal(size).div(10));
    else if (kind === 'fee' && part.gt(1)) this.fee(day, new Decimal(size).div(100));
    else if (kind === 'reinvest') this.reinvest(name, day, new Decimal(size % 5).plus(1), price);
  }

  private flow(kind: 'deposit' | 'withdrawal', date: IsoDate, amount: Decimal): void {
    this.cash = this.cash.plus(amount);
    const legs = [
      { account: CASH, units: `${amount.toFixed()} USD` },
      { account: OWNER, units: `${amount.negated().toFixed()} USD` },
    ];
    this.entries.push({ date, kind, legs });
  }

  private buy(name: string, date: IsoDate, units: Decimal, price: Decimal): void {
    if (units.lt(1) || !this.mayHold(name, date, price)) return;
    this.cash = this.cash.minus(units.times(price));
    this.come(name, { units, cost: price, date });
    const legs = [
      { account: SHARES, units: `${units.toFixed()} ${name}`, cost: `${price.toFixed()} USD` },
      { account: CASH, units: `${units.times(price).negated().toFixed()} USD` },
    ];
    this.entries.push({ date, kind: 'buy', legs });
  }

  private reinvest(name: string, date: IsoDate, units: Decimal, price: Decimal): void {
    if (!this.mayHold(name, date, price) || (this.lots.get(name) ?? []).length === 0) return;
    this.come(name, { units, cost: price, date });
    const legs = [
      { account: SHARES, units: `${units.toFixed()} ${name}`, cost: `${price.toFixed()} USD` },
      { account: 'Income:Inv:Dividend', units: `${units.times(price).negated().toFixed()} USD` },
    ];
    this.entries.push({ date, kind: 'reinvest', meta: { commodity: name }, legs });
  }

  /** One lot of a day: two of one day at two costs would make an undated reduction ambiguous. */
  private mayHold(name: string, date: IsoDate, cost: Decimal): boolean {
    return (this.lots.get(name) ?? []).every((lot) => lot.date !== date || lot.cost.eq(cost));
  }

  private come(name: string, lot: Lot): void {
    const lots = this.lots.get(name) ?? [];
    const same = lots.find(({ date }) => date === lot.date);
    const rest = lots.filter((other) => other !== same);
    this.lots.set(name, [...rest, same === undefined ? lot : { ...lot, units: lot.units.plus(same.units) }]);
  }

  /** First in, first out. */
  private sell(name: string, date: IsoDate, percent: number, price: Decimal): void {
    const lots = [...(this.lots.get(name) ?? [])];
    const held = lots.reduce((total, { units }) => total.plus(units), ZERO);
    let left = held.times(percent).div(100).ceil();
    if (left.lt(1)) return;
    const sold: Lot[] = [];
    while (left.gt(0)) {
      const [lot] = lots;
      if (lot === undefined) break;
      const units = Decimal.min(lot.units, left);
      sold.push({ ...lot, units });
      left = left.minus(units);
      if (units.eq(lot.units)) lots.shift();
      else lots[0] = { ...lot, units: lot.units.minus(units) };
    }
    this.lots.set(name, lots);
    const units = sold.reduce((total, lot) => total.plus(lot.units), ZERO);
    const cost = sold.reduce((total, lot) => total.plus(lot.units.times(lot.cost)), ZERO);
    const received = units.times(price);
    this.cash = this.cash.plus(received);
    const legs = [
      ...sold.map((lot) => ({
        account: SHARES,
        units: `${lot.units.negated().toFixed()} ${name}`,
        cost: `${lot.cost.toFixed()} USD, ${lot.date}`,
        price: `@ ${price.toFixed()} USD`,
      })),
      { account: CASH, units: `${received.toFixed()} USD` },
      { account: 'Income:Inv:Result', units: `${cost.minus(received).toFixed()} USD` },
    ];
    this.entries.push({ date, kind: 'sell', legs });
  }

  private income(name: string, date: IsoDate, amount: Decimal): void {
    if ((this.lots.get(name) ?? []).length === 0) return;
    this.cash = this.cash.plus(amount);
    const legs = [
      { account: CASH, units: `${amount.toFixed()} USD` },
      { account: 'Income:Inv:Dividend', units: `${amount.negated().toFixed()} USD` },
    ];
    this.entries.push({ date, kind: 'income', meta: { commodity: name }, legs });
  }

  private fee(date: IsoDate, amount: Decimal): void {
    this.cash = this.cash.minus(amount);
    const legs = [
      { account: 'Expenses:Inv:Fee', units: `${amount.toFixed()} USD` },
      { account: CASH, units: `${amount.negated().toFixed()} USD` },
    ];
    this.entries.push({ date, kind: 'fee', legs });
  }
}
