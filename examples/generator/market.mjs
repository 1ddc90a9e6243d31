import { businessDays, monthEnds } from './calendar.mjs';
import { DRAWN_RATES, FIRST_DAY, INSTRUMENTS, LAST_DAY, PRIVATE_FUND, SPLIT } from './instruments.mjs';
import { createRandom } from './random.mjs';

const DAYS_A_YEAR = 252;
const DAILY_DEVIATION = 1 / 15.874507866387544; // 1 / sqrt(252), written out
const MARKET_VOLATILITY = 0.13;

/**
 * Daily closes and rates as texts. A price is a random walk of simple returns: drift, a share of the market's day,
 * and a day of its own; it is rounded only when it is written.
 */
export function generateMarket() {
  const days = businessDays(FIRST_DAY, LAST_DAY);
  const market = drawMarket(days);
  const closes = new Map(
    INSTRUMENTS.map((instrument) => [instrument.ticker, drawCloses(instrument, days, market)]),
  );
  const [usdCad, eurCad] = DRAWN_RATES.map((pair) => drawRates(pair, days, market));
  const eurUsd = days.map((_day, index) => (Number(eurCad[index]) / Number(usdCad[index])).toFixed(4));
  const rates = new Map([
    ['EUR CAD', eurCad],
    ['EUR USD', eurUsd],
    ['USD CAD', usdCad],
  ]);
  const indexOf = new Map(days.map((day, index) => [day, index]));
  return {
    days,
    closes,
    rates,
    fundValues: drawFundValues(days),
    /** The close of a business day, as the price file writes it. */
    close: (ticker, date) => closes.get(ticker)[indexOf.get(date)],
    rate: (base, quote, date) => rates.get(`${base} ${quote}`)[indexOf.get(date)],
  };
}

function drawMarket(days) {
  const random = createRandom('dawsos example market');
  return days.map(() => random.normal() * MARKET_VOLATILITY * DAILY_DEVIATION);
}

function drawCloses(instrument, days, market) {
  const { ticker, firstPrice, drift, volatility, beta } = instrument;
  const random = createRandom(`dawsos example ${ticker}`);
  const own = ownVolatility(volatility, beta);
  let price = firstPrice;
  return days.map((day, index) => {
    if (index > 0) price *= 1 + drift / DAYS_A_YEAR + beta * market[index] + random.normal() * own;
    if (ticker === SPLIT.ticker && day === SPLIT.date) price /= SPLIT.ratio;
    return price.toFixed(2);
  });
}

function drawRates({ base, quote, first, drift, volatility, beta }, days, market) {
  const random = createRandom(`dawsos example ${base}${quote}`);
  const own = ownVolatility(volatility, beta);
  let rate = first;
  return days.map((_day, index) => {
    if (index > 0) rate *= 1 + drift / DAYS_A_YEAR + beta * market[index] + random.normal() * own;
    return rate.toFixed(4);
  });
}

function ownVolatility(volatility, beta) {
  const shared = beta * MARKET_VOLATILITY;
  return Math.sqrt(Math.max(volatility * volatility - shared * shared, 0)) * DAILY_DEVIATION;
}

function drawFundValues(days) {
  const random = createRandom(`dawsos example ${PRIVATE_FUND.ticker}`);
  let value = PRIVATE_FUND.firstValue;
  return monthEnds(days).map((date) => {
    value *= 1 + PRIVATE_FUND.monthlyReturn + random.normal() * PRIVATE_FUND.monthlyDeviation;
    return { date, value: value.toFixed(4) };
  });
}

/** The price files and the FX files, one a year, by path. */
export function marketFiles(market) {
  const files = new Map();
  const add = (path, header, line) => {
    const text = files.get(path);
    files.set(path, text === undefined ? `${header}\n${line}\n` : `${text}${line}\n`);
  };
  market.days.forEach((day, index) => {
    const year = day.slice(0, 4);
    for (const { ticker, currency } of INSTRUMENTS) {
      const line = `${day},${ticker},${market.closes.get(ticker)[index]},${currency},example-close`;
      add(`market/prices/${year}.csv`, 'date,commodity,price,currency,source', line);
    }
    for (const [pair, rates] of market.rates) {
      const line = `${day},${pair.replace(' ', ',')},${rates[index]},example-fx`;
      add(`market/fx/${year}.csv`, 'date,base,quote,rate,source', line);
    }
  });
  return files;
}
