import { Decimal, isoDate } from '@dawsos/contracts';
import { linkReturns, maximumDrawdown, standardDeviation, valueAtRisk } from '@dawsos/portfolio-math';
import { at, plain } from '../cases/judge';
import type { Example } from './example';
import { askText, entry, ledger } from './published-ledger';

const decimals = (numbers: readonly number[]): Decimal[] => numbers.map((number) => new Decimal(number));

/** The ten worst of 500 losses, in thousands of dollars. */
const HULL = [477.841, 345.435, 282.204, 277.041, 253.385, 217.974, 202.256, 201.389, 191.269, 191.05];
const HULL_LOSSES = decimals([...HULL, ...Array.from({ length: 490 }, (_, index) => 190 - index)]);
const HULL_SOURCE = 'John C. Hull, _Risk Management and Financial Institutions_ (3rd ed.), chapter 14';

/** One euro-share and one yen-share beside dollars, by weight, return and change of the rate. */
const THREE_CURRENCIES = ledger('USD', [
  '2022-01-03 price USA 50 USD',
  '2022-01-03 price EUS 25 EUR',
  '2022-01-03 price JPS 25 JPY',
  '2022-01-03 price EUR 1 USD',
  '2022-01-03 price JPY 1 USD',
  '2022-12-30 price USA 55 USD',
  '2022-12-30 price EUS 26.25 EUR',
  '2022-12-30 price JPS 24.25 JPY',
  '2022-12-30 price EUR 1.02 USD',
  '2022-12-30 price JPY 1.04 USD',
  entry('2022-01-03', 'Assets:Fund:Units  1 USA {50 USD}', 'Equity:Owner'),
  entry('2022-01-03', 'Assets:Fund:Units  1 EUS {25 EUR}', 'Equity:Owner'),
  entry('2022-01-03', 'Assets:Fund:Units  1 JPS {25 JPY}', 'Equity:Owner'),
]);
const CURRENCY_SOURCE = "CFA Institute, practice question on Bhatt's account, currency management";

const ALPHABET = ledger('CHF', [
  '2023-01-03 price GOOGL 89.12 USD',
  '2023-07-10 price GOOGL 116.45 USD',
  '2023-01-03 price USD 0.9238 CHF',
  '2023-07-10 price USD 0.8854 CHF',
  entry('2023-01-03', 'Assets:Fund:Units  1 GOOGL {89.12 USD}', 'Equity:Owner'),
]);
const GHOSTFOLIO = 'Ghostfolio, `portfolio-calculator-googl-buy.spec` (github.com/ghostfolio/ghostfolio)';

async function attributed(text: string, asof: string, part: string): Promise<string> {
  const { data } = await askText(text, 'performance', asof, { lookback_days: 36_600 });
  return plain(at(data, part));
}

/** Modified Dietz of a month without a value at its flows: days with stale prices between two that are known. */
function dietz(
  values: { readonly start: number; readonly end: number },
  days: readonly (readonly [date: string, flow: number])[],
  period: readonly [start: string, end: string],
): string {
  let value = values.start;
  const { span } = linkReturns([
    { date: isoDate(period[0]), value: new Decimal(values.start), flow: new Decimal(0) },
    ...days.map(([date, flow]) => {
      const before = new Decimal(value);
      value += flow;
      return {
        date: isoDate(date),
        value: new Decimal(value),
        flow: new Decimal(flow),
        before,
        stale: 'both' as const,
      };
    }),
    { date: isoDate(period[1]), value: new Decimal(values.end), flow: new Decimal(0) },
  ]);
  return span === null ? 'none' : span.growth.minus(1).toFixed();
}

export const EXAMPLES_OF_RISK: readonly Example[] = [
  {
    source: HULL_SOURCE,
    inputs: 'the worst ten of 500 losses; 99 %: value at risk, in $',
    published: '253385',
    ours: async () => valueAtRisk(HULL_LOSSES, new Decimal('0.99')).valueAtRisk.times(1_000).toFixed(),
  },
  {
    source: HULL_SOURCE,
    inputs: 'the same: expected shortfall, in $',
    published: '327181',
    ours: async () => valueAtRisk(HULL_LOSSES, new Decimal('0.99')).expectedShortfall.times(1_000).toFixed(),
  },
  {
    source: 'Microsoft Support, _STDEV function_',
    inputs: '1345, 1301, 1368, 1322, 1310, 1370, 1318, 1350, 1303, 1299: sample deviation',
    published: '27.46391572',
    ours: async () =>
      standardDeviation(
        decimals([1_345, 1_301, 1_368, 1_322, 1_310, 1_370, 1_318, 1_350, 1_303, 1_299]),
      ).toFixed(),
  },
  {
    source: 'Portfolio Performance, `RiskTest` (github.com/portfolio-performance/portfolio)',
    inputs: 'an index of 2, 2, 0.5, 2, 2, 3, 4, 5, 6, 7: maximum drawdown',
    published: '-0.75',
    ours: async () => {
      const index = [2, 2, 0.5, 2, 2, 3, 4, 5, 6, 7].map((number, day) => ({
        date: isoDate(`2015-01-${String(day + 1).padStart(2, '0')}`),
        number: new Decimal(number),
      }));
      return maximumDrawdown(index).depth.toFixed();
    },
  },
  {
    source: CURRENCY_SOURCE,
    inputs: '50 % +10 %; 25 % +5 %, its currency +2 %; 25 % −3 %, its currency +4 %: assets',
    published: '0.055',
    ours: () => attributed(THREE_CURRENCIES, '2022-12-30', 'currency_attr.local'),
  },
  {
    source: CURRENCY_SOURCE,
    inputs: 'the same: currencies',
    published: '0.015',
    ours: () => attributed(THREE_CURRENCIES, '2022-12-30', 'currency_attr.fx'),
  },
  {
    source: CURRENCY_SOURCE,
    inputs: 'the same: in all',
    published: '0.070',
    ours: () => attributed(THREE_CURRENCIES, '2022-12-30', 'currency_attr.base_return'),
  },
  {
    source: GHOSTFOLIO,
    inputs: 'GOOGL from 89.12 to 116.45 USD, in francs at 0.9238 and 0.8854: without currency effect',
    published: '0.306665',
    ours: () => attributed(ALPHABET, '2023-07-10', 'currency_attr.local'),
  },
  {
    source: GHOSTFOLIO,
    inputs: 'the same: with currency effect',
    published: '0.252350446',
    ours: () => attributed(ALPHABET, '2023-07-10', 'currency_attr.base_return'),
  },
  {
    source: 'Wikipedia, _Modified Dietz method_',
    inputs: '100, 50 more after one of two years, 300: modified Dietz',
    published: '1.20',
    ours: async () => dietz({ start: 100, end: 300 }, [['2022-01-02', 50]], ['2021-01-01', '2023-01-01']),
    note: 'our inflows count from the start of their day: dated a day later',
  },
  {
    source: 'Bloomberg Prep, GIPS, composite return by modified Dietz',
    inputs: '585.60 to 602.34 in October; −15.05, 19.82, 16.42, −18.96 on days 5, 9, 15, 24',
    published: '0.0245',
    ours: async () =>
      dietz(
        { start: 585.6, end: 602.34 },
        [
          ['2022-10-05', -15.05],
          ['2022-10-09', 19.82],
          ['2022-10-15', 16.42],
          ['2022-10-24', -18.96],
        ],
        ['2022-09-30', '2022-10-31'],
      ),
  },
];
