import { createRandom } from './random.mjs';

/** Statements and news of companies that do not exist, in the providers' formats. Amounts are whole units of money. */
const COMPANIES = [
  {
    ticker: 'NWND',
    name: 'Northwind Software',
    currency: 'USD',
    revenue: 4200,
    growth: 0.16,
    margin: 0.27,
    debt: 0.2,
  },
  {
    ticker: 'BRDG',
    name: 'Bridgeport Industrial',
    currency: 'USD',
    revenue: 9800,
    growth: 0.05,
    margin: 0.13,
    debt: 0.9,
  },
  {
    ticker: 'LUMI',
    name: 'Lumiere Maison',
    currency: 'EUR',
    revenue: 7100,
    growth: 0.07,
    margin: 0.24,
    debt: 0.35,
  },
];
const YEARS = [2020, 2021, 2022, 2023, 2024];
const MILLION = 1_000_000;

const NEWS = [
  [
    'NWND',
    '2025-10-21T12:30:00Z',
    'Northwind Software raises its outlook for the year',
    'Orders grew in all regions, the made-up company says.',
  ],
  ['NWND', '2025-10-02T08:05:00Z', 'Northwind Software opens an office in Halifax', null],
  [
    'LUMI',
    '2025-10-21T06:45:00Z',
    'Lumiere Maison announces a split of 5 for 1',
    'Shareholders of this made-up company get four more shares for each.',
  ],
  [
    'MPLB',
    '2025-09-30T20:10:00Z',
    'Maple Bank keeps its dividend',
    'The dividend of 0.92 CAD is paid on 27 October.',
  ],
];

export function companyFiles() {
  const files = new Map();
  for (const company of COMPANIES) {
    files.set(`market/fundamentals/example-fundamentals/${company.ticker}.json`, json(statements(company)));
  }
  for (const ticker of new Set(NEWS.map(([one]) => one))) {
    files.set(`market/news/example-news/${ticker}.json`, json(newsOf(ticker)));
  }
  return files;
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

function statements({ ticker, currency, revenue: first, growth, margin, debt }) {
  const random = createRandom(`dawsos example statements ${ticker}`);
  let revenue = first;
  let equity = first * 0.6;
  const years = YEARS.map((year) => {
    revenue *= 1 + growth + 0.03 * random.normal();
    const operating = revenue * (margin + 0.01 * random.normal());
    const interest = equity * debt * 0.045;
    const net = (operating - interest) * 0.77;
    equity += net * 0.45;
    return { year, revenue, operating, interest, net, equity, owed: equity * debt };
  });
  const common = ({ year }) => ({
    date: `${String(year)}-12-31`,
    symbol: ticker,
    reportedCurrency: currency,
    fillingDate: `${String(year + 1)}-02-20`,
    period: 'FY',
  });
  const amount = (millions) => Math.round(millions) * MILLION;
  const newestFirst = [...years].reverse();
  return {
    'income-statement': newestFirst.map((year) => ({
      ...common(year),
      revenue: amount(year.revenue),
      grossProfit: amount(year.revenue * (margin + 0.3)),
      operatingIncome: amount(year.operating),
      interestExpense: amount(year.interest),
      netIncome: amount(year.net),
    })),
    'balance-sheet-statement': newestFirst.map((year) => ({
      ...common(year),
      totalCurrentAssets: amount(year.revenue * 0.42),
      totalCurrentLiabilities: amount(year.revenue * 0.25),
      totalDebt: amount(year.owed),
      totalStockholdersEquity: amount(year.equity),
    })),
    'cash-flow-statement': newestFirst.map((year) => ({
      ...common(year),
      operatingCashFlow: amount(year.net * 1.25),
      capitalExpenditure: -amount(year.revenue * 0.06),
    })),
  };
}

function newsOf(ticker) {
  const items = NEWS.filter(([one]) => one === ticker);
  return {
    status: 'ok',
    totalResults: items.length,
    articles: items.map(([, publishedAt, title, description], index) => ({
      source: { id: null, name: 'The Made-up Times' },
      author: null,
      title,
      description,
      url: `https://example.com/${ticker.toLowerCase()}/${String(index + 1)}`,
      urlToImage: null,
      publishedAt,
      content: null,
    })),
  };
}
