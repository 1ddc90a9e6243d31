import { addDays, Decimal, isoDate, ONE, ZERO, type IsoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { holdingTerm } from './holding-period';
import { createLotPools, type OpenParcel } from './lot-pools';
import { createWashSales, type Replacement } from './wash-sales';

type Bought = OpenParcel & { readonly type: 'bought' };

interface Sold {
  readonly type: 'sold';
  /** Sales that follow each other under one are one entry. */
  readonly transaction: number;
  readonly pool: string;
  readonly date: IsoDate;
  readonly units: Decimal;
  readonly proceeds: Decimal;
  readonly basis: Decimal;
}

type LotEvent = Bought | Sold;

const bought = (pool: string, date: string, units: number, identity = 'ABC'): Bought => ({
  type: 'bought',
  pool,
  commodity: identity,
  identity,
  origin: pool,
  order: 0,
  acquired: isoDate(date),
  heldFrom: isoDate(date),
  epoch: 0,
  units: new Decimal(units),
  basis: ZERO,
  costs: ZERO,
  lacks: [],
  carried: ZERO,
  purchased: isoDate(date),
  replaces: false,
  deferred: false,
});

const sold = (
  transaction: number,
  pool: string,
  date: string,
  units: number,
  proceeds: number,
  basis: number,
): Sold => ({
  type: 'sold',
  transaction,
  pool,
  date: isoDate(date),
  units: new Decimal(units),
  proceeds: new Decimal(proceeds),
  basis: new Decimal(basis),
});

interface Taxed {
  readonly sold: Sold;
  readonly units: Decimal;
  readonly gain: Decimal;
  readonly term: string | null;
  readonly replacements: Replacement[];
}

/** Plays events in their order; `sizeOf` as of a book. */
function play(
  events: readonly LotEvent[],
  sizeOf: (commodity: string, epoch: number) => Decimal = () => ONE,
) {
  const pools = createLotPools();
  const wash = createWashSales(pools, sizeOf);
  const sales: Taxed[] = [];
  for (const [index, event] of events.entries()) {
    if (event.type === 'bought') {
      const parcel = { ...event, order: index };
      pools.put(parcel);
      if (parcel.purchased !== null) wash.bought(parcel);
      continue;
    }
    const previous = events[index - 1];
    if (previous?.type === 'sold' && previous.transaction === event.transaction) continue;
    const together = events
      .slice(index)
      .filter((one): one is Sold => one.type === 'sold' && one.transaction === event.transaction);
    const parts = together.flatMap((one) =>
      pools
        .take(one.pool, one.units)
        .map((parcel) => ({ sold: one, parcel, replacements: [] as Replacement[] })),
    );
    const rows = parts.map(({ sold: one, parcel, replacements }) => {
      const share = (whole: Decimal): Decimal => whole.times(parcel.units).div(one.units);
      const gain = share(one.proceeds).minus(share(one.basis)).minus(parcel.carried);
      const term = parcel.heldFrom && holdingTerm(parcel.heldFrom, one.date);
      return { sold: one, units: parcel.units, gain, term, replacements, parcel };
    });
    sales.push(...rows);
    wash.sold(
      rows
        .filter(({ gain }) => gain.isNegative())
        .map(({ parcel, gain, replacements }) => ({
          ...parcel,
          date: event.date,
          loss: gain.negated(),
          replaced: (by: Replacement) => replacements.push(by),
        })),
    );
  }
  return {
    sales: sales.map((sale) => {
      const disallowed = sale.replacements.reduce((sum, one) => sum.plus(one.disallowed), ZERO);
      return { ...sale, disallowed, recognised: sale.gain.plus(disallowed) };
    }),
    open: pools.open(),
  };
}

function figures(events: readonly LotEvent[]) {
  return play(events).sales.map(({ gain, disallowed, recognised, term }) => [
    gain.toNumber(),
    disallowed.toNumber(),
    recognised.toNumber(),
    term,
  ]);
}

describe('wash sales', () => {
  it("disallow the loss of Publication 550's example and add it to the new stock's basis", () => {
    // Bought 100 for 1,000, sold them for 750, and within 30 days bought 100 for 800: no loss of 250; basis 1,050.
    const events = [
      bought('old', '2024-01-10', 100),
      sold(1, 'old', '2024-06-03', 100, 750, 1000),
      bought('new', '2024-06-20', 100),
    ];
    expect(figures(events)).toEqual([[-250, 250, 0, 'short']]);
    const [left] = play(events).open;
    expect(left?.carried.toNumber()).toBe(250);
  });

  it('count the 30th day before and after, and not the 31st', () => {
    const loss = (purchase: string) =>
      figures([
        bought('old', '2023-01-10', 10),
        bought('new', purchase, 10),
        sold(1, 'old', '2024-06-30', 10, 50, 100),
      ])[0]?.[1];
    expect([loss('2024-05-30'), loss('2024-05-31'), loss('2024-07-30'), loss('2024-07-31')]).toEqual([
      0, 50, 50, 0,
    ]);
  });

  it('disallow only as much as was bought back', () => {
    expect(
      figures([
        bought('old', '2023-01-10', 100),
        sold(1, 'old', '2024-06-03', 100, 600, 1000),
        bought('new', '2024-06-04', 25),
      ]),
    ).toEqual([[-400, 100, -300, 'long']]);
  });

  it('use a bought unit once, for the first sale', () => {
    expect(
      figures([
        bought('a', '2023-01-10', 10),
        bought('b', '2023-01-11', 10),
        sold(1, 'a', '2024-06-03', 10, 50, 100),
        sold(2, 'b', '2024-06-05', 10, 40, 100),
        bought('new', '2024-06-10', 10),
      ]).map((row) => row[1]),
    ).toEqual([50, 0]);
  });

  it('carry the basis and the holding period to the sale of the new stock', () => {
    expect(
      figures([
        bought('old', '2023-06-01', 10),
        sold(1, 'old', '2024-06-03', 10, 50, 100),
        bought('new', '2024-06-10', 10),
        sold(2, 'new', '2024-09-02', 10, 90, 60),
      ]),
    ).toEqual([
      [-50, 50, 0, 'long'],
      // 90 − (60 + 50); the 368 days of the old stock join the 84 of the new.
      [-20, 0, -20, 'long'],
    ]);
  });

  it('leave gains alone, and what is not substantially identical', () => {
    expect(
      figures([
        bought('a', '2023-01-10', 10),
        bought('b', '2023-01-10', 10),
        sold(1, 'a', '2024-06-03', 10, 150, 100),
        bought('other', '2024-06-04', 10, 'XYZ'),
        sold(2, 'b', '2024-08-03', 10, 50, 100),
      ]).map((row) => row[1]),
    ).toEqual([0, 0]);
  });

  it('do not let the rest of the sold lot, or a lot sold with it, replace it', () => {
    expect(
      figures([
        bought('a', '2024-06-01', 10),
        bought('b', '2024-06-02', 10),
        sold(1, 'a', '2024-06-10', 5, 20, 50),
        sold(1, 'b', '2024-06-10', 10, 40, 100),
      ]).map((row) => row[1]),
      // b's ten can replace none of a's, being sold too; a's remaining five replace five of b's.
    ).toEqual([0, 30]);
  });

  it('do not count what came in kind as a purchase', () => {
    expect(
      figures([
        bought('a', '2023-01-10', 10),
        sold(1, 'a', '2024-06-03', 10, 50, 100),
        { ...bought('gift', '2024-06-04', 10), purchased: null },
      ]).map((row) => row[1]),
    ).toEqual([0]);
  });

  it('are not carried to a tax-deferred account: the loss is gone', () => {
    const { sales, open } = play([
      bought('old', '2023-01-10', 10),
      sold(1, 'old', '2024-06-03', 10, 50, 100),
      { ...bought('ira', '2024-06-10', 10), deferred: true },
    ]);
    expect(
      sales.map(({ disallowed, replacements }) => [disallowed.toNumber(), replacements[0]?.carried]),
    ).toEqual([[50, false]]);
    expect(open.map(({ carried }) => carried.toNumber())).toEqual([0]);
  });

  it('match units sold before a split with those bought after it', () => {
    // Two for one in between: 10 sold are 20 of the new, of which 5 were bought: a quarter of the loss.
    const { sales } = play(
      [
        bought('old', '2023-01-10', 10),
        sold(1, 'old', '2024-06-03', 10, 60, 100),
        { ...bought('new', '2024-06-20', 5), epoch: 1 },
      ],
      (_commodity, epoch) => new Decimal(epoch === 0 ? 2 : 1),
    );
    expect(sales.map(({ disallowed }) => disallowed.toNumber())).toEqual([10]);
  });
});

/** Trades on a few days near each other; a sale never asks for more than its pool has. */
const histories = fc
  .array(
    fc.record({
      day: fc.integer({ min: 0, max: 120 }),
      units: fc.integer({ min: 1, max: 50 }),
      paid: fc.integer({ min: 1, max: 5000 }),
      sales: fc.array(
        fc.record({
          after: fc.integer({ min: 0, max: 90 }),
          share: fc.integer({ min: 1, max: 4 }),
          received: fc.integer({ min: 1, max: 5000 }),
        }),
        { maxLength: 3 },
      ),
    }),
    { maxLength: 8 },
  )
  .map((lots) => {
    const start = isoDate('2024-01-01');
    let id = 0;
    const dated = lots.flatMap(({ day, units, paid, sales }, index): { date: string; event: LotEvent }[] => {
      const pool = `${String(index)}`;
      const date = addDays(start, day);
      return [
        { date, event: bought(pool, date, units) },
        ...sales.map(({ after, share, received }) => {
          const part = units / (share + 4);
          const when = addDays(date, after);
          return { date: when, event: sold(id++, pool, when, part, received, (paid * part) / units) };
        }),
      ];
    });
    return dated.sort((a, b) => (a.date < b.date ? -1 : 1)).map(({ event }) => event);
  });

describe('wash sales, of any history', () => {
  const total = (numbers: readonly Decimal[]): Decimal => numbers.reduce((sum, one) => sum.plus(one), ZERO);

  it('lose no loss: gains recognised and basis still carried add up to the economic gain', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const { sales, open } = play(events);
        const economic = total(
          events.flatMap((event) => (event.type === 'sold' ? [event.proceeds.minus(event.basis)] : [])),
        );
        const recognised = total(sales.map((sale) => sale.recognised));
        const carried = total(open.map((parcel) => parcel.carried));
        expect(recognised.minus(carried).minus(economic).abs().lessThan('1e-18')).toBe(true);
      }),
    );
  });

  it('disallow at most the loss, on at most the units sold, within 30 days', () => {
    fc.assert(
      fc.property(histories, (events) => {
        for (const sale of play(events).sales) {
          const matched = total(sale.replacements.map((one) => one.units));
          expect(matched.lessThanOrEqualTo(sale.units)).toBe(true);
          expect(sale.disallowed.lessThanOrEqualTo(Decimal.max(sale.gain.negated(), 0).plus('1e-20'))).toBe(
            true,
          );
          for (const { purchased } of sale.replacements) {
            expect(
              purchased >= addDays(sale.sold.date, -30) && purchased <= addDays(sale.sold.date, 30),
            ).toBe(true);
          }
        }
      }),
    );
  });

  it('replace with no more units than were bought', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const used = new Map<string, Decimal>();
        for (const { replacements } of play(events).sales) {
          for (const { purchased, units } of replacements) {
            used.set(purchased, (used.get(purchased) ?? ZERO).plus(units));
          }
        }
        for (const [day, units] of used) {
          const there = total(
            events.flatMap((one) => (one.type === 'bought' && one.acquired === day ? [one.units] : [])),
          );
          expect(units.lessThanOrEqualTo(there)).toBe(true);
        }
      }),
    );
  });
});
