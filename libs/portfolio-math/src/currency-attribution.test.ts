import { addDays, Decimal, isoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { attributeCurrency, type CurrencyBucket } from './currency-attribution';
import { linkReturns } from './linked-returns';
import type { NavDay } from './returns';

type DecimalInput = Decimal | number | string;

const start = isoDate('2024-01-01');
const d = (value: DecimalInput): Decimal => new Decimal(value);
const bucket = (
  currency: string,
  localValues: DecimalInput[],
  rates: DecimalInput[],
  flows: [number, DecimalInput][] = [],
): CurrencyBucket => ({
  currency,
  localValues: localValues.map(d),
  rates: rates.map(d),
  flows: new Map(flows.map(([day, amount]) => [day, d(amount)])),
  before: new Map(),
});

const attribute = (nav: readonly NavDay[], buckets: readonly CurrencyBucket[]) =>
  attributeCurrency(nav, buckets, linkReturns(nav).span!);

function navOf(buckets: readonly CurrencyBucket[], flows: DecimalInput[] = []): NavDay[] {
  return (buckets[0]?.localValues ?? []).map((_, day) => ({
    date: addDays(start, day),
    value: buckets.reduce(
      (sum, { localValues, rates }) => sum.plus(localValues[day]!.times(rates[day]!)),
      d(0),
    ),
    flow: d(flows[day] ?? 0),
  }));
}

describe('currency attribution', () => {
  it("gives the CFA Program's three-currency account: assets 5.5 %, currencies 1.5 % of 7.0 %", () => {
    // CFA Institute practice question "Bhatt's account": US 50 % +10 %; euro 25 % +5 % with +2 % currency; yen 25 % −3 % with
    // +4 %. Published: 5.5 % asset return, 1.5 % currency return and cross product, 7.0 % in all (rounded).
    const buckets = [
      bucket('EUR', [25, 26.25], [1, 1.02]),
      bucket('JPY', [25, 24.25], [1, 1.04]),
      bucket('USD', [50, 55], [1, 1]),
    ];
    const found = attribute(navOf(buckets), buckets);
    expect(found.local.toFixed(6)).toBe('0.055000');
    expect(found.fx.toFixed(6)).toBe('0.015000');
    expect(found.interaction.toFixed(6)).toBe('-0.000050');
    expect(found.baseReturn.toFixed(6)).toBe('0.069950');
  });

  it('quotes rates as base currency per local: a dearer currency is a gain', () => {
    const buckets = [bucket('USD', [100, 100], ['1.30', '1.43'])];
    const found = attribute(navOf(buckets), buckets);
    expect([found.local.toFixed(), found.fx.toFixed(), found.interaction.toFixed()]).toEqual([
      '0',
      '0.1',
      '0',
    ]);
  });

  it('is (1 + local)(1 + fx) − 1 for one currency over one day', () => {
    const buckets = [bucket('EUR', [200, 220], ['1.5', '1.2'])];
    const found = attribute(navOf(buckets), buckets);
    expect(
      [found.local, found.fx, found.interaction, found.baseReturn].map((value) => value.toFixed(4)),
    ).toEqual(['0.1000', '-0.2000', '-0.0200', '-0.1200']);
  });

  it('links days at the wealth of the day before', () => {
    // +10 % local, then +10 % currency: the second is earned on 1.1.
    const buckets = [bucket('EUR', [100, 110, 110], [1, 1, '1.1'])];
    const found = attribute(navOf(buckets), buckets);
    expect([found.local.toFixed(2), found.fx.toFixed(2), found.baseReturn.toFixed(2)]).toEqual([
      '0.10',
      '0.11',
      '0.21',
    ]);
  });

  it('sees a conversion between currencies as a flow, and one at a worse rate than the close as a currency loss', () => {
    const buckets = [
      bucket('CAD', [0, 1350], [1, 1], [[1, 1350]]),
      bucket('USD', [1000, 0], ['1.36', '1.36'], [[1, -1000]]),
    ];
    const found = attribute(navOf(buckets), buckets);
    expect(found.local.isZero()).toBe(true);
    expect(found.conversion.equals(d(-10).div(1360))).toBe(true);
    expect(found.fx.equals(found.conversion)).toBe(true);
  });

  it('does not take a deposit for a gain', () => {
    const buckets = [bucket('USD', [1000, 1500], ['1.3', '1.4'], [[1, 500]])];
    const found = attribute(navOf(buckets, [0, 700]), buckets);
    expect(found.local.isZero()).toBe(true);
    expect(found.fx.equals(d(100).div(2000))).toBe(true);
  });

  it('refuses currencies that do not make up the value', () => {
    const buckets = [bucket('USD', [100, 110], [1, 1])];
    const nav = navOf(buckets).map((day, index) => ({ ...day, value: day.value!.plus(index) }));
    expect(() => attribute(nav, buckets)).toThrow(/not attributed/);
  });
});

const money = fc.integer({ min: 5_000_00, max: 20_000_00 }).map((cents) => d(cents).div(100));
const rate = fc.integer({ min: 5_000, max: 20_000 }).map((points) => d(points).div(10_000));
const length = 12;
const currency = fc.record({
  values: fc.array(money, { minLength: length, maxLength: length }),
  rates: fc.array(rate, { minLength: length, maxLength: length }),
  flows: fc.array(fc.tuple(fc.integer({ min: 1, max: length - 1 }), fc.integer({ min: -500, max: 5000 })), {
    maxLength: 4,
  }),
});

describe('the identity local + fx + interaction = base return', () => {
  it('holds to 1e-12 against the return of the values alone, over days, currencies and flows', () => {
    fc.assert(
      fc.property(fc.array(currency, { minLength: 1, maxLength: 4 }), (rows) => {
        const buckets = rows.map(({ values, rates, flows }, index) =>
          bucket(`C${index}`, values, index === 0 ? rates.map(() => 1) : rates, flows),
        );
        // Some flows come from outside, the rest are conversions: the day's external flow is the first currency's.
        const external = Array.from({ length }, (_, day) => buckets[0]!.flows.get(day) ?? d(0));
        const nav = navOf(buckets, external);
        const found = attribute(nav, buckets);
        const independent = linkReturns(nav).span!.growth.minus(1);
        const sum = found.local.plus(found.fx).plus(found.interaction);
        const scale = Decimal.max(1, independent.abs());
        expect(sum.minus(independent).abs().div(scale).lessThan('1e-12')).toBe(true);
        const parts = found.byCurrency.reduce(
          (total, part) => total.plus(part.local).plus(part.fx).plus(part.interaction),
          d(0),
        );
        expect(parts.plus(found.conversion).minus(independent).abs().div(scale).lessThan('1e-12')).toBe(true);
      }),
    );
  });

  it('attributes nothing to exchange rates in the base currency', () => {
    fc.assert(
      fc.property(currency, ({ values, flows }) => {
        const buckets = [
          bucket(
            'CAD',
            values,
            values.map(() => 1),
            flows,
          ),
        ];
        const external = Array.from({ length }, (_, day) => buckets[0]!.flows.get(day) ?? d(0));
        const found = attribute(navOf(buckets, external), buckets);
        expect([found.fx.isZero(), found.interaction.isZero()]).toEqual([true, true]);
      }),
    );
  });
});
