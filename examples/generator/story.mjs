import { Book, cents, money } from './book.mjs';
import { createBroker } from './broker.mjs';
import { monthEnds } from './calendar.mjs';
import { LAST_DAY, PRIVATE_FUND, SPLIT } from './instruments.mjs';

const BANK = 'Assets:Bank:Chequing';
const MARGIN = 'Liabilities:Growth:Margin';

/** What each instrument pays: the months, the day from which on, and the share of the price. */
const DIVIDENDS = [
  { ticker: 'MPLB', months: [1, 4, 7, 10], day: 26, share: 0.0105 },
  { ticker: 'NRTH', months: [3, 6, 9, 12], day: 28, share: 0.0036 },
  { ticker: 'BRLE', months: [2, 5, 8, 11], day: 15, share: 0.0122 },
  { ticker: 'CDNX', months: [3, 6, 9, 12], day: 20, share: 0.0074 },
  { ticker: 'BRDG', months: [2, 5, 8, 11], day: 10, share: 0.0041 },
  { ticker: 'CLRW', months: [3, 6, 9, 12], day: 15, share: 0.0092 },
  { ticker: 'USAG', months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], day: 5, share: 0.0031 },
  { ticker: 'EUGB', months: [6, 12], day: 18, share: 0.0121 },
  { ticker: 'RHNE', months: [5], day: 12, share: 0.0188 },
  { ticker: 'LUMI', months: [4], day: 28, share: 0.0142 },
];

/** Three years of one household and its three portfolios, as a book. */
export function tellStory(market) {
  const book = new Book();
  const brokers = Object.fromEntries(
    ['Growth', 'Yield', 'Reserve'].map((name) => [name, createBroker(book, market, name)]),
  );
  const story = { book, market, ...brokers };
  openingBalances(story);
  const planned = plannedEvents(story);
  let previous = '';
  for (const day of market.days) {
    if (previous !== '' && previous.slice(0, 4) !== day.slice(0, 4))
      assertBalances(story, `${day.slice(0, 4)}-01-01`);
    for (const event of planned.get(day) ?? []) event(day);
    regularEvents(story, previous, day);
    previous = day;
  }
  assertBalances(story, LAST_DAY);
  announce(book);
  return book;
}

/** What the companies announced and is still to come after the last day. */
function announce(book) {
  const dividends = [
    ['2025-09-30', 'MPLB', '0.92 CAD', '2025-10-14', '2025-10-27'],
    ['2025-10-01', 'USAG', '0.33 USD', '2025-10-29', '2025-11-05'],
    ['2025-10-15', 'BRDG', '0.46 USD', '2025-10-31', '2025-11-10'],
    ['2025-10-20', 'CLRW', '0.64 USD', '2025-12-01', '2025-12-15'],
  ];
  for (const [day, ticker, amount, exDate, payDate] of dividends) {
    const dates = `  ex_date: ${exDate}\n  pay_date: ${payDate}\n`;
    book.entry(day, `${day} custom "dividend" "${ticker}" ${amount}\n${dates}`);
  }
  book.entry('2025-10-21', '2025-10-21 custom "split" "LUMI" 5\n  ex_date: 2025-11-17\n');
}

function openingBalances({ book }) {
  book.transaction('2022-10-03', 'Opening', 'Opening balance of the household', [
    book.move(BANK, cents('236500.00'), 'CAD'),
    ['Equity:Opening-Balances'],
  ]);
  book.entry('2022-10-03', '2022-10-03 event "location" "Toronto"\n');
  book.entry(
    '2022-10-03',
    '2022-10-03 query "holdings" "SELECT account, units(sum(position)) WHERE account ~ \'Assets\' GROUP BY account"\n',
  );
}

/** What happens once, by day. */
function plannedEvents({ book, market, Growth, Yield, Reserve }) {
  const newestFirst = (lots) => lots.reverse();
  const events = [
    ['2022-10-05', (day) => Growth.deposit(day, cents('110000'), BANK, '#funding')],
    ['2022-10-05', (day) => Yield.deposit(day, cents('78000'), BANK, '#funding')],
    ['2022-10-05', (day) => Reserve.deposit(day, cents('30000'), BANK, '#funding')],
    ['2022-10-06', (day) => Growth.convert(day, cents('34000'), 'USD')],
    ['2022-10-06', (day) => Growth.convert(day, cents('16000'), 'EUR')],
    ['2022-10-06', (day) => Yield.convert(day, cents('27000'), 'USD')],
    ['2022-10-06', (day) => Yield.convert(day, cents('12000'), 'EUR')],
    ['2022-10-11', (day) => Growth.invest(day, 'USD', { NWND: 0.45, HELX: 0.25, BRDG: 0.2 })],
    ['2022-10-12', (day) => Growth.invest(day, 'EUR', { RHNE: 0.55, LUMI: 0.35 })],
    ['2022-10-13', (day) => Growth.invest(day, 'CAD', { MPLB: 0.35, NRTH: 0.25, BRLE: 0.2 })],
    ['2022-10-14', (day) => Yield.invest(day, 'USD', { CLRW: 0.5, USAG: 0.4 })],
    ['2022-10-17', (day) => Yield.invest(day, 'CAD', { CDNX: 0.4, MPLB: 0.4 })],
    ['2022-10-17', (day) => Yield.invest(day, 'EUR', { EUGB: 0.9 })],
    ['2022-10-31', (day) => subscribe(book, market, Reserve, day, 1_500)],
    ['2023-06-14', (day) => Growth.sell(day, 'BRDG', 20, { words: '#rebalancing' })],
    ['2023-06-15', (day) => Growth.invest(day, 'USD', { NWND: 0.9 })],
    ['2023-11-20', (day) => Growth.sell(day, 'NWND', 12, { words: '#rebalancing' })],
    ['2024-01-15', (day) => transferCash(book, Growth, Reserve, day, cents('4000'))],
    ['2024-01-31', (day) => subscribe(book, market, Reserve, day, 350)],
    ['2024-03-12', (day) => Growth.sell(day, 'BRLE', book.units(Growth.holding('BRLE')), { words: '#exit' })],
    ['2024-04-09', (day) => transferShares(book, Growth, Yield, day, 'MPLB', 60)],
    [SPLIT.date, (day) => split(book, Growth, day)],
    ['2024-09-18', (day) => Growth.sell(day, 'NWND', 30)],
    ['2024-10-21', (day) => Yield.sell(day, 'USAG', 15, { words: '#tax-loss' })],
    ['2024-12-05', (day) => Yield.sell(day, 'CDNX', 40, { order: newestFirst })],
    ['2025-02-11', (day) => sellOneLot(book, Growth, day, 'LUMI', 4)],
    ['2025-03-03', (day) => borrow(book, Growth, day, cents('8000'))],
    ['2025-03-04', (day) => Growth.invest(day, 'CAD', { NRTH: 0.55, CDNX: 0.35 })],
    ['2025-07-30', (day) => Growth.sell(day, 'NRTH', 50, { words: '#deleveraging' })],
    ['2025-08-05', (day) => repay(book, Growth, day, cents('8000'))],
    ['2025-09-09', (day) => Yield.fee(day, cents('35.00'), 'USD', 'Transfer fee')],
    // A wash sale: the quarter's contribution bought the same fund twelve days before.
    ['2025-10-20', (day) => sellLot(Yield, day, 'USAG', 2, '2024-10-08')],
  ];
  const byDay = new Map();
  for (const [day, event] of events) byDay.set(day, [...(byDay.get(day) ?? []), event]);
  return byDay;
}

/** What happens again and again: salary, living costs, contributions, dividends, interest, fees. */
function regularEvents(story, previous, day) {
  const { book, market, Growth, Yield, Reserve } = story;
  const [, month, dayOfMonth] = day.split('-').map(Number);
  const passes = (target) => {
    const before = previous.slice(0, 7) === day.slice(0, 7) ? Number(previous.slice(8)) : 0;
    return previous !== '' && before < target && dayOfMonth >= target;
  };
  if (passes(3)) household(book, day);
  for (const { ticker, months, day: target, share } of DIVIDENDS) {
    if (!months.includes(month) || !passes(target)) continue;
    for (const broker of [Growth, Yield, Reserve]) broker.dividend(day, ticker, share);
  }
  if (month % 3 === 1 && passes(8) && day > '2022-12-31') contribute(story, day);
  if (month % 3 === 0 && passes(22)) {
    for (const broker of [Growth, Yield, Reserve]) broker.interest(day, 'CAD', 180);
    Yield.interest(day, 'USD', 310);
    Growth.fee(day, cents('24.00'), 'CAD', 'Custody fee');
    Yield.fee(day, cents('18.00'), 'USD', 'Custody fee');
  }
  const debt = -book.cash(MARGIN, 'CAD');
  if (debt > 0 && passes(19)) marginInterest(book, Growth, day, debt);
  if (monthEnds(market.days).includes(day)) statePrices(story, day);
}

function household(book, day) {
  book.transaction(day, 'Employer', 'Salary', [
    book.move(BANK, cents('7650.00'), 'CAD'),
    ['Income:Salary', '-7650.00 CAD'],
  ]);
  book.transaction(day, 'Household', 'Living costs', [
    ['Expenses:Living', '4870.00 CAD'],
    book.move(BANK, -cents('4870.00'), 'CAD'),
  ]);
}

function contribute({ book, Growth, Yield, Reserve }, day) {
  Growth.deposit(day, cents('4200'), BANK, '#contribution');
  Yield.deposit(day, cents('2400'), BANK, '#contribution');
  Growth.invest(day, 'CAD', { CDNX: 0.3, MPLB: 0.2 });
  Yield.invest(day, 'USD', { USAG: 0.5 });
  Yield.invest(day, 'CAD', { CDNX: 0.6 });
  if (book.cash(Reserve.cashAccount, 'CAD') > cents('9000')) Reserve.invest(day, 'CAD', { CDNX: 0.15 });
}

function statePrices({ book, market }, day) {
  const stated = market.fundValues.find(({ date }) => date === day);
  book.entry(day, `${day} price ${PRIVATE_FUND.ticker}  ${stated.value} ${PRIVATE_FUND.currency}\n`);
  if (!day.slice(5).startsWith('12')) return;
  book.entry(day, `${day} price NWND  ${market.close('NWND', day)} USD\n`);
  book.entry(day, `${day} price USD  ${market.rate('USD', 'CAD', day)} CAD\n`);
}

/** Units of the private fund, at the value stated that day. */
function subscribe(book, market, broker, day, units) {
  const { value } = market.fundValues.find(({ date }) => date === day);
  const account = broker.holding(PRIVATE_FUND.ticker);
  const paid = Math.round((units * Math.round(Number(value) * 10_000)) / 100);
  book.addLot(account, { units, cost: Number(value), currency: 'CAD', date: day });
  book.transaction(day, PRIVATE_FUND.name, 'Subscription', [
    [account, `${String(units)} ${PRIVATE_FUND.ticker} {{${money(paid)} CAD}}`],
    book.move(broker.cashAccount, -paid, 'CAD'),
  ]);
  book.entry(day, `${day} note ${account} "Units confirmed by the fund's statement"\n`);
}

function transferCash(book, from, to, day, amount) {
  book.transaction(
    day,
    'Broker',
    'Transfer between portfolios',
    [book.move(from.cashAccount, -amount, 'CAD'), book.move(to.cashAccount, amount, 'CAD')],
    `#transfer ^transfer-${day}`,
  );
}

/** In kind: the lots keep their cost and their day. */
function transferShares(book, from, to, day, ticker, units) {
  const taken = book.takeLots(from.holding(ticker), units);
  const postings = taken.flatMap((lot) => {
    book.addLot(to.holding(ticker), { ...lot });
    const lotText = `${ticker} {${lot.cost.toFixed(2)} ${lot.currency}, ${lot.date}}`;
    return [
      [from.holding(ticker), `-${String(lot.units)} ${lotText}`],
      [to.holding(ticker), `${String(lot.units)} ${lotText}`],
    ];
  });
  book.transaction(day, 'Broker', `Transfer ${ticker} in kind`, postings, `#transfer ^transfer-${day}`);
}

/** Each lot becomes four times the units at a quarter of the cost, bought when it was bought. */
function split(book, broker, day) {
  const { ticker, ratio } = SPLIT;
  const account = broker.holding(ticker);
  const lots = book.lots(account);
  const postings = lots.flatMap(({ units, cost, currency, date }) => [
    [account, `-${String(units)} ${ticker} {${cost.toFixed(2)} ${currency}, ${date}}`],
    [account, `${String(units * ratio)} ${ticker} {${String(cost / ratio)} ${currency}, ${date}}`],
  ]);
  book.setLots(
    account,
    lots.map((lot) => ({ ...lot, units: lot.units * ratio, cost: lot.cost / ratio })),
  );
  book.transaction(day, 'Northwind Software', `Split ${String(ratio)} for 1`, postings, '#split');
}

function sellLot(broker, day, ticker, units, lot) {
  const order = (lots) => lots.filter(({ date }) => date === lot);
  broker.sell(day, ticker, units, { lot, order, words: '#tax-loss' });
}

function sellOneLot(book, broker, day, ticker, units) {
  const [first] = book.lots(broker.holding(ticker));
  broker.sell(day, ticker, units, { lot: first.date });
}

function borrow(book, broker, day, amount) {
  book.transaction(day, 'Broker', 'Margin loan', [
    book.move(MARGIN, -amount, 'CAD'),
    book.move(broker.cashAccount, amount, 'CAD'),
  ]);
}

function repay(book, broker, day, amount) {
  book.transaction(day, 'Broker', 'Margin loan repaid', [
    book.move(broker.cashAccount, -amount, 'CAD'),
    book.move(MARGIN, amount, 'CAD'),
  ]);
}

function marginInterest(book, broker, day, debt) {
  const amount = Math.round((debt * 645) / 120_000);
  book.transaction(day, 'Broker', 'Margin interest', [
    ['Expenses:Growth:Margin-Interest', `${money(amount)} CAD`],
    book.move(broker.cashAccount, -amount, 'CAD'),
  ]);
}

function assertBalances({ book }, date) {
  for (const [key, amount] of book.cashBalances()) {
    const [account, currency] = key.split(' ');
    book.entry(date, `${date} balance ${account.padEnd(32)}  ${money(amount)} ${currency}\n`);
  }
  for (const account of book.holdings()) {
    const ticker = account.split(':').at(-1);
    book.entry(date, `${date} balance ${account.padEnd(32)}  ${String(book.units(account))} ${ticker}\n`);
  }
}
