import type { Example } from './example';
import { deposit, entry, gain, ledger, moneyWeighted, returnsOfLedger } from './published-ledger';

const HLEDGER = 'hledger, functional test `hledger/test/roi.test` (github.com/simonmichael/hledger)';
const PORTFOLIO_PERFORMANCE = 'Portfolio Performance, `IRRTest` (github.com/portfolio-performance/portfolio)';

/** hledger counts a flow at the start of its day: here it is dated by the close before. */
const grown = (...gains: readonly (readonly [string, number])[]): string[] =>
  gains.map(([date, amount]) => gain(date, amount));

const HLEDGER_TWO = ledger('USD', [
  deposit('2016-12-31', 100),
  deposit('2017-05-31', 100),
  ...grown(['2017-12-31', 20]),
]);
const HLEDGER_LOSS = ledger('USD', [
  deposit('2016-12-31', 100),
  deposit('2017-05-31', 100),
  ...grown(['2017-12-31', -180]),
]);

/** A share that is bought twice, with a dividend a year of 2; money comes for the second. Years of 365 days. */
const TWO_SHARES = ledger('USD', [
  '2021-01-01 price SH 100 USD',
  '2022-01-01 price SH 120 USD',
  '2023-01-01 price SH 130 USD',
  deposit('2021-01-01', 100),
  entry('2021-01-01', 'Assets:Fund:Units  1 SH {100 USD}', 'Assets:Fund:Cash  -100 USD'),
  entry('2022-01-01', 'Assets:Fund:Cash  2 USD', 'Income:Dividend'),
  deposit('2022-01-01', 118),
  entry('2022-01-01', 'Assets:Fund:Units  1 SH {120 USD}', 'Assets:Fund:Cash  -120 USD'),
  entry('2023-01-01', 'Assets:Fund:Cash  4 USD', 'Income:Dividend'),
]);

/** Four shares at 50; two are sold at 50 a year later, and the money leaves; the others pay 5 each and end at 80. */
const FOUR_SHARES = ledger('USD', [
  '2021-01-01 price SH 50 USD',
  '2022-01-01 price SH 50 USD',
  '2023-01-01 price SH 80 USD',
  deposit('2021-01-01', 200),
  entry('2021-01-01', 'Assets:Fund:Units  4 SH {50 USD}', 'Assets:Fund:Cash  -200 USD'),
  entry('2022-01-01', 'Assets:Fund:Units  -2 SH {50 USD} @ 50 USD', 'Assets:Fund:Cash  100 USD'),
  deposit('2022-01-01', -100),
  entry('2023-01-01', 'Assets:Fund:Cash  10 USD', 'Income:Dividend'),
]);

const AUGUST = ledger('USD', [
  deposit('2021-12-31', 1_000_000),
  gain('2022-08-15', 162_484),
  deposit('2022-08-15', 100_000),
  gain('2022-12-31', -70_156),
]);

export const EXAMPLES_OF_RETURNS: readonly Example[] = [
  {
    source: 'Microsoft Support, _XIRR function_',
    inputs: '−10000 on 2008-01-01; 2750, 4250, 3250, 2750 on 03-01, 10-30, 2009-02-15, 04-01',
    published: '0.37336253',
    ours: () =>
      moneyWeighted([
        ['2008-01-01', -10_000],
        ['2008-03-01', 2_750],
        ['2008-10-30', 4_250],
        ['2009-02-15', 3_250],
        ['2009-04-01', 2_750],
      ]),
    note: 'printed there as 0.373362535, to within 0.000001 per cent',
  },
  {
    source: PORTFOLIO_PERFORMANCE,
    inputs: '−200 on 2010-01-01, 210 on 2010-12-31',
    published: '0.05014075',
    ours: () =>
      moneyWeighted([
        ['2010-01-01', -200],
        ['2010-12-31', 210],
      ]),
  },
  {
    source: PORTFOLIO_PERFORMANCE,
    inputs: '−4398 on 2002-11-30, six payments of 200 to 330 from 2007 to 2012, 14508 on 2012-12-06',
    published: '0.144',
    ours: () =>
      moneyWeighted([
        ['2002-11-30', -4_398],
        ['2007-06-11', 200],
        ['2008-05-11', 270],
        ['2009-05-01', 280],
        ['2010-06-01', 280],
        ['2011-05-02', 300],
        ['2012-04-30', 330],
        ['2012-12-06', 14_508],
      ]),
    note: 'within 0.0001 there',
  },
  {
    source: 'docs.rs, crate `xirr`, first example',
    inputs: '−1000 on 2015-06-11, −9000 on 07-21, −3000 on 10-17, 20000 on 2018-06-10',
    published: '0.16353716',
    ours: () =>
      moneyWeighted([
        ['2015-06-11', -1_000],
        ['2015-07-21', -9_000],
        ['2015-10-17', -3_000],
        ['2018-06-10', 20_000],
      ]),
  },
  {
    source: 'Grey Trout, _SS user guide_, function IRR',
    inputs: '−700, 750, 900, 600, 850, a year of 365 days apart',
    published: '1.0462142',
    ours: () =>
      moneyWeighted([
        ['2001-01-01', -700],
        ['2002-01-01', 750],
        ['2003-01-01', 900],
        ['2004-01-01', 600],
        ['2004-12-31', 850],
      ]),
  },
  {
    source: 'Wikipedia, _Modified Dietz method_',
    inputs: '100, 50 more after a year, 300 after two: internal rate of return',
    published: '0.50',
    ours: () =>
      moneyWeighted([
        ['2021-01-01', -100],
        ['2022-01-01', -50],
        ['2023-01-01', 300],
      ]),
  },
  {
    source: HLEDGER,
    inputs: '100 for a year, 100 from 1 June, 220 at its end: IRR',
    published: '0.1272',
    ours: async () => (await returnsOfLedger(HLEDGER_TWO, '2017-12-31')).mwr,
    note: 'flows at the close before their day, as hledger counts them; so in the next five',
  },
  {
    source: HLEDGER,
    inputs: 'the same: TWR',
    published: '0.1000',
    ours: async () => (await returnsOfLedger(HLEDGER_TWO, '2017-12-31')).twr,
  },
  {
    source: HLEDGER,
    inputs: 'the same, 20 at its end: IRR',
    published: '-0.9573',
    ours: async () => (await returnsOfLedger(HLEDGER_LOSS, '2017-12-31')).mwr,
  },
  {
    source: HLEDGER,
    inputs: 'the same, 20 at its end: TWR',
    published: '-0.9000',
    ours: async () => (await returnsOfLedger(HLEDGER_LOSS, '2017-12-31')).twr,
  },
  {
    source: HLEDGER,
    inputs: '100 to 110 in the second quarter: IRR',
    published: '0.4656',
    ours: () =>
      moneyWeighted([
        ['2017-03-31', -100],
        ['2017-06-30', 110],
      ]),
  },
  {
    source: HLEDGER,
    inputs: '210 on 30 September, 50 out on 1 October, 155 at the end of the year: IRR',
    published: '-0.1183',
    ours: () =>
      moneyWeighted([
        ['2017-09-30', -160],
        ['2017-12-31', 155],
      ]),
  },
  {
    source: 'CFA Program, level I, money-weighted return (Kaplan, _2024 R1 Module 1.2_)',
    inputs: 'a share at 100, another at 120, both worth 130; a dividend of 2 a share and year',
    published: '0.1386',
    ours: async () => (await returnsOfLedger(TWO_SHARES, '2023-01-01')).mwr,
  },
  {
    source: 'CFA Program, level I, time-weighted return (the same)',
    inputs: 'the same; a year',
    published: '0.1584',
    ours: async () => (await returnsOfLedger(TWO_SHARES, '2023-01-01', 730)).yearly,
  },
  {
    source: 'AnalystForum, a question of the CFA Program, level I (forum.theanalystspace.com, thread 104359)',
    inputs: 'four shares at 50, two sold at 50, two paying 5 each and worth 80: money-weighted',
    published: '0.2052',
    ours: async () => (await returnsOfLedger(FOUR_SHARES, '2023-01-01')).mwr,
  },
  {
    source: 'the same question',
    inputs: 'the same: time-weighted, a year',
    published: '0.3038',
    ours: async () => (await returnsOfLedger(FOUR_SHARES, '2023-01-01', 730)).yearly,
  },
  {
    source: 'Investopedia, _Time-Weighted Rate of Return_',
    inputs: '1000000, worth 1162484 when 100000 comes in on 15 August, 1192328 at the end of the year',
    published: '0.0979',
    ours: async () => (await returnsOfLedger(AUGUST, '2022-12-31')).twr,
  },
  {
    source: 'Learn Investment Performance, _Modified Dietz_ (learninvestmentperformance.com)',
    inputs: '100 to 105, 95 more, 200 to 220: TWR',
    published: '0.155',
    ours: async () =>
      (
        await returnsOfLedger(
          ledger('USD', [
            deposit('2021-12-31', 100),
            gain('2022-06-30', 5),
            deposit('2022-06-30', 95),
            gain('2022-12-31', 20),
          ]),
          '2022-12-31',
        )
      ).twr,
  },
];
