/** Draws numbers that are the same on every run (mulberry32). */
function draw(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const DAY = 86_400_000;
const START = Date.UTC(2000, 0, 1);
const SHOPS = ['Food', 'Rent', 'Travel', 'Health', 'Books'];
const STOCKS = ['HOOL', 'AAPL', 'NESN', 'SHOP'];

/**
 * A ledger of `count` transactions: purchases of daily life, conversions, and shares bought at cost and sold FIFO, with a
 * balance every hundred. The same for the same count.
 */
export function generateLedger(count: number): string {
  const random = draw(7);
  const amount = (most: number) => (1 + random() * most).toFixed(2);
  const lines = [
    'option "title" "Benchmark"',
    'option "operating_currency" "USD"',
    '2000-01-01 open Assets:Bank:Checking',
    '2000-01-01 open Assets:Bank:Euro EUR',
    '2000-01-01 open Equity:Opening',
    '2000-01-01 open Income:Gains',
    ...SHOPS.map((shop) => `2000-01-01 open Expenses:${shop}`),
    ...STOCKS.map((stock) => `2000-01-01 open Assets:Broker:${stock} "FIFO"`),
  ];
  let checking = 0;
  for (let index = 0; index < count; index += 1) {
    const date = new Date(START + Math.floor((index * 9000) / count) * DAY).toISOString().slice(0, 10);
    const stock = STOCKS[index % STOCKS.length] ?? 'HOOL';
    if (index % 10 === 3) {
      const price = amount(500);
      lines.push(
        `${date} * "Buy ${stock}"`,
        `  Assets:Broker:${stock}  10 ${stock} {${price} USD}`,
        '  Equity:Opening',
      );
    } else if (index % 10 === 7) {
      lines.push(
        `${date} * "Sell ${stock}" #trade`,
        `  Assets:Broker:${stock}  -9 ${stock} {} @ ${amount(500)} USD`,
        `  Equity:Opening  ${amount(4500)} USD`,
        '  Income:Gains',
      );
    } else if (index % 10 === 5) {
      lines.push(
        `${date} * "Change"`,
        `  Assets:Bank:Euro  ${amount(100)} EUR @ 1.1${index % 9} USD`,
        '  Equity:Opening',
      );
    } else {
      const spent = amount(90);
      checking -= Math.round(Number(spent) * 100);
      const shop = SHOPS[index % SHOPS.length] ?? 'Food';
      lines.push(
        `${date} * "Shop ${index % 97}" "Item ${index}"`,
        `  Assets:Bank:Checking  -${spent} USD`,
        `  Expenses:${shop}`,
      );
    }
    if (index % 100 === 99) {
      const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY).toISOString().slice(0, 10);
      if (Math.floor(((index + 1) * 9000) / count) > Math.floor((index * 9000) / count)) {
        lines.push(`${next} balance Assets:Bank:Checking  ${(checking / 100).toFixed(2)} USD`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}
