import { at, fig, lots, plain, sales } from '../cases/judge';
import type { Answer } from '../in-process';
import type { Example } from './example';
import { askText, deposit, entry, ledger } from './published-ledger';

const bought = (date: string, units: number, price: number, account = 'Units'): string =>
  entry(
    date,
    `Assets:Fund:${account}  ${units.toString()} X {${price.toString()} USD}`,
    `Assets:Fund:Cash  ${(-units * price).toFixed(2)} USD`,
  );

const sold = (date: string, units: number, cost: string, price: number): string =>
  entry(
    date,
    `Assets:Fund:Units  -${units.toString()} X {${cost}} @ ${price.toString()} USD`,
    `Assets:Fund:Cash  ${(units * price).toFixed(2)} USD`,
    'Income:Result',
  );

const report = (lines: readonly string[], year: number, asof: string): Promise<Answer> =>
  askText(ledger('USD', [deposit('2000-01-03', 100_000), ...lines]), 'portfolio_tax_report', asof, {
    tax_year: year,
  });

async function ofSale(lines: readonly string[], asof: string, figure: string): Promise<string> {
  const answer = await report(lines, Number(asof.slice(0, 4)), asof);
  return plain(fig(sales(answer, 'X')[0], figure));
}

async function ofLot(lines: readonly string[], asof: string, place: number, figure: string): Promise<string> {
  const answer = await report(lines, Number(asof.slice(0, 4)), asof);
  return plain(fig(lots(answer, 'X')[place], figure));
}

const WASH = [
  '2022-03-31 price X 8 USD',
  bought('2022-01-10', 100, 10),
  sold('2022-03-01', 100, '10 USD', 7.5),
  bought('2022-03-21', 100, 8),
];
const SCOTTRADE = [
  '2022-03-31 price X 22.5 USD',
  bought('2022-02-10', 100, 25),
  sold('2022-02-19', 100, '25 USD', 22),
  bought('2022-02-26', 100, 22.5),
];
const IRA = [
  '1970-01-02 open Assets:Fund:Ira:Shares',
  '  tax: "deferred"',
  '2007-12-31 price X 6 USD',
  bought('2006-01-10', 100, 10),
  sold('2007-12-20', 100, '10 USD', 6),
  bought('2007-12-21', 100, 6, 'Ira:Shares'),
];
const SPLIT_OF_FAQ = [
  '2022-12-30 price X 20 USD',
  bought('2021-01-11', 100, 10),
  bought('2021-02-11', 100, 12),
  entry(
    '2022-06-06',
    'Assets:Fund:Units  -100 X {10 USD, 2021-01-11}',
    'Assets:Fund:Units   200 X {5 USD, 2021-01-11}',
    'Assets:Fund:Units  -100 X {12 USD, 2021-02-11}',
    'Assets:Fund:Units   200 X {6 USD, 2021-02-11}',
  ),
];
const SPLIT_OF_1998 = [
  '1998-12-30 price X 20 USD',
  bought('1996-03-11', 100, 10),
  bought('1997-03-11', 100, 16),
  entry(
    '1998-06-08',
    'Assets:Fund:Units  -100 X {10 USD, 1996-03-11}',
    'Assets:Fund:Units   200 X {5 USD}',
    'Assets:Fund:Units  -100 X {16 USD, 1997-03-11}',
    'Assets:Fund:Units   200 X {8 USD}',
  ),
];
const RETURNED = [
  '2012-12-31 price X 60 USD',
  bought('2011-03-14', 100, 50),
  entry(
    '2012-06-11',
    'Assets:Fund:Units  -100 X {50 USD, 2011-03-14}',
    'Assets:Fund:Units   100 X {30 USD, 2011-03-14}',
    'Assets:Fund:Cash  2000 USD',
  ),
];
const BALOISE = [
  '2021-12-18 price X 148.9 USD',
  entry(
    '2021-11-22',
    'Assets:Fund:Units  2 X {142.9 USD}',
    'Expenses:Commission  1.55 USD',
    'Assets:Fund:Cash  -287.35 USD',
  ),
  entry(
    '2021-11-30',
    'Assets:Fund:Units  -1 X {142.9 USD} @ 136.6 USD',
    'Expenses:Commission  1.65 USD',
    'Assets:Fund:Cash  134.95 USD',
    'Income:Result',
  ),
  sold('2021-11-30', 1, '142.9 USD', 136.6),
];
const NOVARTIS = [
  '2022-04-11 price X 87.8 USD',
  bought('2022-03-07', 2, 75.8),
  sold('2022-04-08', 2, '75.8 USD', 85.73),
];

const held = (sale: string) => [
  '2025-02-10 price X 12 USD',
  bought('2024-02-06', 100, 10),
  sold(sale, 100, '10 USD', 11),
];

/** 1 for a long term and 0 for a short one, since a figure is what is compared. */
async function isLong(sale: string): Promise<string> {
  const term = await ofSale(held(sale), '2025-12-31', 'term');
  return term.startsWith('long') ? '1' : '0';
}

const FAQ = 'IRS, _Stocks (options, splits, traders)_ (irs.gov/faqs)';
const PUBLICATION_550 = 'IRS, Publication 550, wash sales (and VITA, case study 1)';

export const EXAMPLES_OF_TAXES: readonly Example[] = [
  {
    source: PUBLICATION_550,
    inputs: '100 shares bought for 1000, sold for 750, 100 bought for 800 within 30 days: disallowed',
    published: '250',
    ours: () => ofSale(WASH, '2022-12-31', 'disallowed_base'),
  },
  {
    source: PUBLICATION_550,
    inputs: 'the same: basis of the new stock',
    published: '1050',
    ours: () => ofLot(WASH, '2022-12-31', 0, 'basis_base'),
  },
  {
    source: 'Scottrade, _Wash Sale Rules_',
    inputs: '100 at 25 on 10 February, sold at 22 on the 19th, 100 at 22.50 on the 26th: basis',
    published: '2550',
    ours: () => ofLot(SCOTTRADE, '2022-12-31', 0, 'basis_base'),
  },
  {
    source: 'IRS, Rev. Rul. 2008-5 (Internal Revenue Bulletin 2008-3)',
    inputs: '100 shares of basis 1000 sold for 600, 100 bought by the IRA a day later: disallowed',
    published: '400',
    ours: () => ofSale(IRA, '2007-12-31', 'disallowed_base'),
  },
  {
    source: 'IRS, Rev. Rul. 2008-5 (the same)',
    inputs: 'the same: added to the basis in the IRA',
    published: '0',
    ours: async () => {
      const text = ledger('USD', [deposit('2000-01-03', 100_000), ...IRA]);
      const { data } = await askText(text, 'holding_deep_dive', '2007-12-31', { commodity: 'X' });
      return String(Number(plain(at(data, 'position.cost_base'))) - 600);
    },
    note: 'above the 600 paid',
  },
  {
    source: FAQ,
    inputs: '100 shares at 10 and 100 at 12, two for one: basis of the first lot, now 200 shares',
    published: '1000',
    ours: () => ofLot(SPLIT_OF_FAQ, '2022-12-31', 0, 'basis_base'),
  },
  {
    source: FAQ,
    inputs: 'the same: basis of the second lot',
    published: '1200',
    ours: () => ofLot(SPLIT_OF_FAQ, '2022-12-31', 1, 'basis_base'),
  },
  {
    source: 'IRS, Publication 17 (1998), stocks and bonds',
    inputs: '100 shares for 1000 and 100 for 1600, two for one: a share of the second lot',
    published: '8',
    ours: async () => {
      const basis = await ofLot(SPLIT_OF_1998, '1998-12-31', 1, 'basis_base');
      return String(Number(basis) / Number(await ofLot(SPLIT_OF_1998, '1998-12-31', 1, 'units')));
    },
    note: 'booked without dates, as Beancount documents it',
  },
  {
    source: '26 CFR 1.1016-5, example',
    inputs: 'stock for 5000, 2000 distributed that are no dividend: adjusted basis',
    published: '3000',
    ours: () => ofLot(RETURNED, '2012-12-31', 0, 'basis_base'),
  },
  {
    source: 'IRS, Publication 550, holding period',
    inputs: 'bought on 6 February, sold on 6 February a year later: long-term (1) or not (0)',
    published: '0',
    ours: () => isLong('2025-02-06'),
  },
  {
    source: 'IRS, Publication 550, holding period',
    inputs: 'the same, sold on 7 February',
    published: '1',
    ours: () => isLong('2025-02-07'),
  },
  {
    source: 'Ghostfolio, `portfolio-calculator-baln-buy-and-sell-in-two-activities.spec`',
    inputs: '2 at 142.90 with a fee of 1.55, sold one by one at 136.60, the first with a fee of 1.65: net',
    published: '-15.80',
    ours: async () => {
      const answer = await report(BALOISE, 2021, '2021-12-18');
      return sales(answer, 'X')
        .reduce((total, sale) => total + Number(plain(fig(sale, 'gain_base'))), 0)
        .toString();
    },
  },
  {
    source: 'Ghostfolio, `portfolio-calculator-novn-buy-and-sell.spec`',
    inputs: '2 at 75.80, sold at 85.73: net performance',
    published: '19.86',
    ours: () => ofSale(NOVARTIS, '2022-04-11', 'gain_base'),
  },
];
