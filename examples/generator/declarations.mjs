import { CURRENCIES, FIRST_DAY, INSTRUMENTS, PRIVATE_FUND } from './instruments.mjs';

/** The portfolios, each with its base currency, its accounts' booking methods, and what it may hold. */
const PORTFOLIOS = [
  {
    id: 'growth',
    name: 'Growth',
    base: 'CAD',
    prefixes: ['Assets:Growth', 'Liabilities:Growth'],
    cash: ['CAD', 'USD', 'EUR'],
    booking: {
      NWND: 'FIFO',
      HELX: 'FIFO',
      BRDG: 'FIFO',
      MPLB: 'FIFO',
      NRTH: 'FIFO',
      BRLE: 'FIFO',
      CDNX: 'FIFO',
      RHNE: 'FIFO',
      LUMI: 'STRICT',
    },
  },
  {
    id: 'income',
    name: 'Yield',
    base: 'USD',
    prefixes: ['Assets:Yield'],
    cash: ['CAD', 'USD', 'EUR'],
    booking: { CLRW: 'STRICT', USAG: 'FIFO', CDNX: 'LIFO', MPLB: 'FIFO', EUGB: 'STRICT' },
  },
  {
    id: 'reserve',
    name: 'Reserve',
    base: 'CAD',
    prefixes: ['Assets:Reserve'],
    cash: ['CAD'],
    booking: { CDNX: 'FIFO', GLEN: 'STRICT' },
  },
];
const TITLES = { growth: 'Long-term growth', income: 'Income in US dollars', reserve: 'Reserve' };

export function mainFile() {
  return `;; The example ledger: a made-up household, made-up instruments, made-up prices.
;; Written by examples/generate.mjs; change that, not this.
option "title" "Example household"
option "operating_currency" "CAD"
option "operating_currency" "USD"

include "commodities.beancount"
include "accounts.beancount"
include "years/*.beancount"
`;
}

export function commoditiesFile() {
  const currencies = CURRENCIES.map(({ code, name, country }) =>
    commodity(code, { name, asset_class: 'currency', country }),
  );
  const instruments = [...INSTRUMENTS, PRIVATE_FUND].map(
    ({ ticker, name, sector, assetClass, currency, country }) =>
      commodity(ticker, { name, sector, asset_class: assetClass, currency, country }),
  );
  return `${[...currencies, ...instruments].join('\n')}`;
}

function commodity(code, metadata) {
  const lines = Object.entries(metadata).map(([key, value]) => `  ${key}: "${value}"\n`);
  return `${FIRST_DAY} commodity ${code}\n${lines.join('')}`;
}

export function accountsFile() {
  return [
    '* Household\n',
    open('Assets:Bank:Chequing', 'CAD'),
    open('Equity:Opening-Balances', 'CAD'),
    open('Income:Salary', 'CAD'),
    open('Expenses:Living', 'CAD'),
    ...PORTFOLIOS.flatMap(portfolioAccounts),
  ].join('');
}

function portfolioAccounts({ id, name, base, prefixes, cash, booking }) {
  const currencies = cash.join(',');
  const margin = prefixes.includes('Liabilities:Growth')
    ? [open('Liabilities:Growth:Margin', 'CAD'), open('Expenses:Growth:Margin-Interest', 'CAD')]
    : [];
  return [
    `\n* ${TITLES[id]}\n`,
    `${FIRST_DAY} custom "portfolio" "${id}" ${prefixes.join(' ')}\n`,
    `  name: "${TITLES[id]}"\n`,
    `  base_currency: ${base}\n`,
    open(`Assets:${name}:Cash`, currencies),
    ...Object.entries(booking).map(([ticker, method]) =>
      open(`Assets:${name}:${ticker}`, ticker, ` "${method}"`),
    ),
    ...margin,
    ...['Dividends', 'Gains', 'Interest'].map((what) => open(`Income:${name}:${what}`, currencies)),
    ...['Fees', 'Withholding'].map((what) => open(`Expenses:${name}:${what}`, currencies)),
  ];
}

function open(account, currencies, booking = '') {
  return `${FIRST_DAY} open ${account.padEnd(32)}  ${currencies}${booking}\n`;
}
