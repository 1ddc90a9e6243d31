import { lotWorld } from '../tax-analyst/__fixtures__/lot-world';

const IN = `
2024-01-02 * "In"
  Assets:B:Cash 2000 USD
  Equity:In
2024-01-02 * "Buy"
  Assets:B:S 10 ABC {100 USD}
  Assets:B:Cash -1000 USD
`;
const quote = (date: string, commodity: string, price: number): string =>
  `${date} price ${commodity} ${String(price)} USD\n`;

/** Profit of each holding, and whether their contributions with what is of none are the return. */
async function contributions(text: string, commodities: readonly string[], asof = '2024-12-31') {
  const run = await lotWorld(IN + text, asof);
  const profits: Record<string, string> = {};
  let sum = 0;
  let whole = NaN;
  for (const commodity of commodities) {
    const row = await run('holding.contribution', { commodity, lookback_days: 400 });
    profits[commodity] = row['profit'] as string;
    sum += Number(row['contribution']);
    whole = Number(row['portfolio_return']);
  }
  return { profits, sum, whole };
}

describe('what holdings add to the return', () => {
  it('counts a sale without a price for what came', async () => {
    const { profits, sum, whole } = await contributions(
      `${quote('2024-01-02', 'ABC', 100)}${quote('2024-06-05', 'ABC', 110)}
2024-06-05 * "Sell"
  Assets:B:S -4 ABC {100 USD}
  Assets:B:Cash 460 USD
  Income:Gains -60 USD
${quote('2024-12-31', 'ABC', 120)}`,
      ['ABC'],
    );
    expect(profits).toEqual({ ABC: '180' });
    expect(sum).toBeCloseTo(whole, 12);
  });

  it('moves a spin-off at the market from parent to child', async () => {
    const { profits, sum, whole } = await contributions(
      `${quote('2024-01-02', 'ABC', 100)}${quote('2024-06-03', 'ABC', 75)}${quote('2024-06-03', 'NEW', 60)}
2024-06-03 * "Spin-off"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 10 ABC {80 USD}
  Assets:B:S 5 NEW {40 USD}
${quote('2024-12-31', 'ABC', 80)}${quote('2024-12-31', 'NEW', 50)}`,
      ['ABC', 'NEW'],
    );
    // ABC: 800 − 1000 + 5 × 60; NEW: 5 × (50 − 60).
    expect(profits).toEqual({ ABC: '100', NEW: '-50' });
    expect(sum).toBeCloseTo(whole, 12);
  });

  it('moves a merger so, the cash for a fraction to what left', async () => {
    const { profits, sum, whole } = await contributions(
      `${quote('2024-01-02', 'ABC', 100)}${quote('2024-06-03', 'XYZ', 300)}
2024-06-03 * "1 for 3"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 3 XYZ {300 USD}
  Assets:B:Cash 105 USD
  Income:Gains -5 USD
${quote('2024-12-31', 'XYZ', 310)}`,
      ['ABC', 'XYZ'],
    );
    expect(profits).toEqual({ ABC: '5', XYZ: '30' });
    expect(sum).toBeCloseTo(whole, 12);
  });

  it('takes capital that is returned out, in whichever form it is booked', async () => {
    const forms = [
      `2024-06-03 * "5 a share"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 10 ABC {95 USD}
  Assets:B:Cash 50 USD
`,
      `2024-06-03 * "5 a share"
  event: "return_of_capital"
  commodity: ABC
  Assets:B:Cash 50 USD
  Income:Capital -50 USD
`,
    ];
    for (const form of forms) {
      const { profits } = await contributions(
        `${quote('2024-01-02', 'ABC', 100)}${quote('2024-06-03', 'ABC', 95)}${form}${quote('2024-12-31', 'ABC', 97)}`,
        ['ABC'],
      );
      expect(profits).toEqual({ ABC: '20' });
    }
  });

  it('is equal for a dividend reinvested in one entry or two', async () => {
    const prices = `${quote('2024-01-02', 'ABC', 100)}${quote('2024-06-03', 'ABC', 110)}${quote('2024-12-31', 'ABC', 115)}`;
    const one = await contributions(
      `${prices}2024-06-03 * "Reinvested"
  Assets:B:S 1 ABC {110 USD}
  Income:Dividends -110 USD
`,
      ['ABC'],
    );
    const two = await contributions(
      `${prices}2024-06-03 * "Paid"
  commodity: ABC
  Assets:B:Cash 110 USD
  Income:Dividends -110 USD
2024-06-03 * "Bought"
  Assets:B:S 1 ABC {110 USD}
  Assets:B:Cash -110 USD
`,
      ['ABC'],
    );
    expect(one).toEqual(two);
    expect(one.profits).toEqual({ ABC: '265' });
    expect(one.sum).toBeCloseTo(one.whole, 12);
  });

  it('counts short positions at their trade prices', async () => {
    const { profits, sum, whole } = await contributions(
      `${quote('2024-01-02', 'ABC', 100)}${quote('2024-03-01', 'SHT', 52)}
2024-03-01 * "Short"
  Assets:B:S -10 SHT {50 USD}
  Assets:B:Cash 500 USD
2024-06-03 * "Cover"
  Assets:B:S 10 SHT {50 USD} @ 30 USD
  Assets:B:Cash -300 USD
  Income:Gains -200 USD
`,
      ['ABC', 'SHT'],
    );
    expect(profits).toEqual({ ABC: '0', SHT: '200' });
    expect(sum).toBeCloseTo(whole, 12);
  });

  it('counts a reverse split with its cash for a fraction', async () => {
    const { profits, sum, whole } = await contributions(
      `${quote('2024-01-02', 'ABC', 100)}${quote('2024-06-03', 'ABC', 410)}
2024-06-03 * "1 for 4"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 2 ABC {400 USD}
  Assets:B:Cash 205 USD
  Income:Gains -5 USD
${quote('2024-12-31', 'ABC', 420)}`,
      ['ABC'],
    );
    // 2 × 420 + 205 − 1000.
    expect(profits).toEqual({ ABC: '45' });
    expect(sum).toBeCloseTo(whole, 12);
  });
});
