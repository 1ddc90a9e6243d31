import { cents, money } from './book.mjs';
import { INSTRUMENTS, PRIVATE_FUND } from './instruments.mjs';

const COMMISSION = { CAD: 995, USD: 695, EUR: 750 };
/** Withheld at the source, by the country of the payer, in parts of 100,000. */
const WITHHELD = { US: 15_000, DE: 26_375, FR: 25_000, LU: 0, CA: 0 };
/** Shares of the spread that a conversion loses, in parts of 10,000. */
const CONVERSION_COST = 15;

const byTicker = new Map([...INSTRUMENTS, PRIVATE_FUND].map((instrument) => [instrument.ticker, instrument]));

/** What can happen in one portfolio's accounts, each as a transaction in the book. */
export function createBroker(book, market, name) {
  const assets = `Assets:${name}`;
  const cashAccount = `${assets}:Cash`;
  const holding = (ticker) => `${assets}:${ticker}`;
  const income = (what) => `Income:${name}:${what}`;
  const expense = (what) => `Expenses:${name}:${what}`;
  const priceCents = (ticker, date) => cents(market.close(ticker, date));

  const broker = { cashAccount, holding, deposit, convert, buy, invest, sell, dividend, fee, interest };
  return broker;

  function deposit(date, amount, from, words) {
    book.transaction(
      date,
      'Maple Bank',
      `Contribution to ${name}`,
      [book.move(from, -amount, 'CAD'), book.move(cashAccount, amount, 'CAD')],
      words,
    );
  }

  /** Buys `amount` cents of `currency` with Canadian dollars. */
  function convert(date, amount, currency) {
    const rate = Math.round(Number(market.rate(currency, 'CAD', date)) * 10_000);
    const paid = Math.round((amount * rate * (10_000 + CONVERSION_COST)) / 100_000_000);
    const [account, cad] = book.move(cashAccount, -paid, 'CAD');
    book.transaction(date, 'Broker', `Convert CAD to ${currency}`, [
      [account, `${cad} @@ ${money(amount)} ${currency}`],
      book.move(cashAccount, amount, currency),
    ]);
  }

  function buy(date, ticker, units, words) {
    const { currency, name: title } = byTicker.get(ticker);
    const price = priceCents(ticker, date);
    const commission = COMMISSION[currency];
    book.addLot(holding(ticker), { units, cost: price / 100, currency, date });
    book.transaction(
      date,
      title,
      `Buy ${ticker}`,
      [
        [holding(ticker), `${String(units)} ${ticker} {${money(price)} ${currency}}`],
        [expense('Fees'), `${money(commission)} ${currency}`],
        book.move(cashAccount, -(units * price + commission), currency),
      ],
      words,
    );
  }

  /** Spends shares of the cash in a currency, in whole units: `{NWND: 0.4, HELX: 0.3}`. */
  function invest(date, currency, shares) {
    const available = book.cash(cashAccount, currency);
    for (const [ticker, share] of Object.entries(shares)) {
      const units = Math.floor((available * share - COMMISSION[currency]) / priceCents(ticker, date));
      if (units > 0) buy(date, ticker, units);
    }
  }

  /**
   * Sells at the day's close; `order` is how the account's booking method picks lots, `lot` names one outright. The
   * gain is left for the ledger to work out.
   */
  function sell(date, ticker, units, { order, lot = '', words } = {}) {
    const { currency, name: title } = byTicker.get(ticker);
    const price = priceCents(ticker, date);
    const commission = COMMISSION[currency];
    book.takeLots(holding(ticker), units, order);
    book.transaction(
      date,
      title,
      `Sell ${ticker}`,
      [
        [holding(ticker), `-${String(units)} ${ticker} {${lot}} @ ${money(price)} ${currency}`],
        [expense('Fees'), `${money(commission)} ${currency}`],
        book.move(cashAccount, units * price - commission, currency),
        [income('Gains')],
      ],
      words,
    );
  }

  /** `yieldShare`: the payment as a share of the price. Paid on the units held. */
  function dividend(date, ticker, yieldShare) {
    const units = book.units(holding(ticker));
    if (units === 0) return;
    const { currency, country, name: title } = byTicker.get(ticker);
    const perUnit = Math.max(1, Math.round(priceCents(ticker, date) * yieldShare));
    const gross = units * perUnit;
    const withheld = Math.round((gross * WITHHELD[country]) / 100_000);
    const postings = [book.move(cashAccount, gross - withheld, currency)];
    if (withheld > 0) postings.push([expense('Withholding'), `${money(withheld)} ${currency}`]);
    postings.push([income('Dividends'), `${money(-gross)} ${currency}`]);
    const narration = `Dividend ${ticker} ${money(perUnit)} ${currency} a unit`;
    book.transaction(date, title, narration, postings, '', { commodity: ticker });
  }

  function fee(date, amount, currency, narration) {
    book.transaction(date, 'Broker', narration, [
      [expense('Fees'), `${money(amount)} ${currency}`],
      book.move(cashAccount, -amount, currency),
    ]);
  }

  /** A quarter's interest on the cash, at a yearly rate in basis points. */
  function interest(date, currency, basisPoints) {
    const amount = Math.round((book.cash(cashAccount, currency) * basisPoints) / 40_000);
    if (amount <= 0) return;
    book.transaction(date, 'Broker', `Interest on ${currency} cash`, [
      book.move(cashAccount, amount, currency),
      [income('Interest'), `${money(-amount)} ${currency}`],
    ]);
  }
}
