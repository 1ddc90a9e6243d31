import { taxesOf } from './__fixtures__/lot-world';

const buy = (date = '2023-01-05', units = 10, price = 100, commodity = 'ABC'): string => `
${date} * "Buy"
  Assets:B:S ${String(units)} ${commodity} {${String(price)} USD}
  Assets:B:Cash ${String(-units * price)} USD
`;
const price = (commodity: string, number: number, date = '2024-12-31'): string =>
  `${date} price ${commodity} ${String(number)} USD\n`;
const sell = (date: string, units: number, at: number, lot: string, commodity = 'ABC'): string => `
${date} * "Sell"
  Assets:B:S ${String(-units)} ${commodity} {${lot}} @ ${String(at)} USD
  Assets:B:Cash ${String(units * at)} USD
  Income:Gains
`;

describe('units that leave', () => {
  it('without a price, for money: are sold for cost less result, and the costs of selling are apart', async () => {
    const { sales, gaps } = await taxesOf(`${buy()}${price('ABC', 120)}
2024-06-05 * "Sell"
  Assets:B:S -3 ABC {100 USD}
  Assets:B:Cash 355 USD
  Expenses:Commission 5 USD
  Income:Whatever -60 USD`);
    expect(sales).toEqual(['2024-06-05 sale 3 ABC: 355 - 300 = 55 long']);
    expect(gaps).toEqual([]);
  });

  it('without a price, beside two accounts that nothing tells: are named, and no gain is told', async () => {
    const { sales, gaps, lots } = await taxesOf(`${buy()}${price('ABC', 120)}
2024-06-05 * "Sell"
  Assets:B:S -3 ABC {100 USD}
  Assets:B:Cash 355 USD
  Income:One -50 USD
  Income:Two -5 USD`);
    expect(sales).toEqual([]);
    expect(lots).toEqual(['7 ABC of 2023-01-05: 700 long']);
    expect(gaps).toMatchObject([
      expect.stringMatching(/^role_unclassified: ABC.*Income:One, Income:Two.*role/),
    ]);
  });

  it('for nothing but their cost as result: are worthless', async () => {
    const { sales } = await taxesOf(`${buy('2024-01-05', 1, 300, 'PUTX-240119')}
2024-01-19 * "Expired"
  Assets:B:S -1 PUTX-240119 {300 USD}
  Income:PnL 300 USD`);
    expect(sales).toEqual(['2024-01-19 sale 1 PUTX-240119: 0 - 300 = -300 short']);
  });

  it('to equity or expenses: are given in kind', async () => {
    const { sales, lots, gaps } = await taxesOf(`${buy()}${price('ABC', 120)}
2024-06-05 * "Gift"
  Assets:B:S -3 ABC {100 USD}
  Expenses:Charity 300 USD
2024-06-06 * "Gift"
  Assets:B:S -3 ABC {100 USD}
  Equity:Children 300 USD`);
    expect(sales).toEqual([]);
    expect(lots).toEqual(['4 ABC of 2023-01-05: 400 long']);
    expect(gaps).toEqual([]);
  });

  it('for no reason that the entry tells: are named', async () => {
    const { gaps } = await taxesOf(`${buy()}${price('ABC', 120)}
2024-06-05 * "?"
  Assets:B:S -3 ABC {100 USD}
  Assets:B:S 3 ABC {120 USD}
  Income:Gains -60 USD`);
    expect(gaps).toMatchObject([expect.stringMatching(/^departure_unexplained: ABC/)]);
  });

  it('at a price that the money does not agree with: are sold for the money', async () => {
    const { sales, gaps } = await taxesOf(`${buy()}
2024-06-05 * "Sell, commission in the loss"
  Assets:B:S -10 ABC {100 USD} @ 90 USD
  Assets:B:Cash 896 USD
  Expenses:Capital-Loss 104 USD`);
    expect(sales).toEqual(['2024-06-05 sale 10 ABC: 896 - 1000 = -104 long']);
    expect(gaps).toMatchObject([expect.stringMatching(/^sale_price_differs: .*4 USD/)]);
  });

  it('in two entries or one, give equal gains', async () => {
    const whole = await taxesOf(buy() + price('ABC', 130) + sell('2024-03-01', 6, 130, '100 USD'));
    const parts = await taxesOf(
      buy() +
        price('ABC', 130) +
        sell('2024-03-01', 4, 130, '100 USD') +
        sell('2024-03-01', 2, 130, '100 USD'),
    );
    expect(whole.sales).toEqual(['2024-03-01 sale 6 ABC: 780 - 600 = 180 long']);
    expect(parts.sales).toEqual([
      '2024-03-01 sale 4 ABC: 520 - 400 = 120 long',
      '2024-03-01 sale 2 ABC: 260 - 200 = 60 long',
    ]);
  });
});

describe('a lot keeps its history', () => {
  it('when it moves to another account without its date, at a price or none', async () => {
    for (const at of ['', ' @ 150 USD']) {
      const { sales, lots } = await taxesOf(`${buy()}${price('ABC', 120)}
2023-12-01 * "Transfer"
  Assets:B:S -10 ABC {100 USD}${at}
  Assets:B:T 6 ABC {100 USD}
  Assets:B:T 4 ABC {100 USD}${sell('2024-02-01', 1, 120, '100 USD').replace('B:S', 'B:T')}`);
      expect(sales).toEqual(['2024-02-01 sale 1 ABC: 120 - 100 = 20 long']);
      expect(lots).toEqual(['9 ABC of 2023-01-05: 900 long']);
    }
  });

  it('when it moves together with another commodity', async () => {
    const { lots } =
      await taxesOf(`${buy()}${buy('2024-02-01', 5, 20, 'NEW')}${price('ABC', 120)}${price('NEW', 20)}
2024-06-03 * "Transfer"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:T 10 ABC {100 USD}
  Assets:B:S -5 NEW {20 USD}
  Assets:B:T 5 NEW {20 USD}`);
    expect(lots).toEqual(['10 ABC of 2023-01-05: 1000 long', '5 NEW of 2024-02-01: 100 short']);
  });

  it('in the part that moves, where a fee in its units is taken on the way', async () => {
    const { sales, lots, gaps } = await taxesOf(`${buy('2023-01-05', 2, 100, 'BTC')}${price('BTC', 120)}
2024-06-03 * "Transfer"
  Assets:B:S -2 BTC {100 USD}
  Assets:B:Wallet 1.99 BTC {100 USD}
  Expenses:Fees 1 USD`);
    expect([sales, gaps]).toEqual([[], []]);
    expect(lots).toEqual(['1.99 BTC of 2023-01-05: 199 long']);
  });

  it('through a split of three for two whose unit cost is rounded, the fraction paid out', async () => {
    const { sales, lots } = await taxesOf(`${buy('2023-01-05', 101, 10)}${price('ABC', 10)}
2024-06-03 * "3 for 2"
  Assets:B:S -101 ABC {10 USD}
  Assets:B:S 151 ABC {6.6667 USD}
  Assets:B:Cash 5 USD
  Income:Gains`);
    expect(sales).toEqual(['2024-06-03 cash_in_lieu 0.5 ABC: 5 - 3.333333333333 = 1.666666666667 long']);
    expect(lots).toEqual(['151 ABC of 2023-01-05: 1006.666666666667 long']);
  });

  it('through a split without dates, each lot its own', async () => {
    const { lots } = await taxesOf(`${buy()}${buy('2024-02-01', 10, 120)}${price('ABC', 60)}
2024-06-03 * "2 for 1"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S -10 ABC {120 USD}
  Assets:B:S 20 ABC {50 USD}
  Assets:B:S 20 ABC {60 USD}`);
    expect(lots).toEqual(['20 ABC of 2023-01-05: 1000 long', '20 ABC of 2024-02-01: 1200 short']);
  });

  it('through a split that is booked by its new units alone', async () => {
    const { lots, gaps } = await taxesOf(`${buy()}${buy('2024-02-01', 10, 120)}${price('ABC', 60)}
2024-06-03 * "2 for 1"
  event: "split"
  Assets:B:S 20 ABC {0 USD}`);
    expect(lots).toEqual([
      '10 ABC of 2023-01-05: 500 long',
      '10 ABC of 2024-02-01: 600 short',
      '10 ABC of 2023-01-05: 500 long',
      '10 ABC of 2024-02-01: 600 short',
    ]);
    expect(gaps).toEqual([]);
  });

  it('through a reverse split that pays out a fraction', async () => {
    const { sales, lots, gaps } = await taxesOf(`${buy('2023-01-05', 105, 10)}${price('ABC', 96)}
2024-06-03 * "1 for 10"
  Assets:B:S -105 ABC {10 USD}
  Assets:B:S 10 ABC {100 USD}
  Assets:B:Cash 48 USD
  Income:Gains 2 USD`);
    expect(sales).toEqual(['2024-06-03 cash_in_lieu 0.5 ABC: 48 - 50 = -2 long']);
    expect(lots).toEqual(['10 ABC of 2023-01-05: 1000 long']);
    expect(gaps).toEqual([]);
  });

  it('through a return of capital; what is beyond the basis is gain', async () => {
    const { sales, lots } =
      await taxesOf(`${buy('2023-01-05', 10, 6)}${buy('2023-02-05', 10, 20)}${price('ABC', 60)}
2024-06-03 * "8 a share"
  Assets:B:S -10 ABC {6 USD}
  Assets:B:S -10 ABC {20 USD}
  Assets:B:S 10 ABC {0 USD}
  Assets:B:S 10 ABC {12 USD}
  Assets:B:Cash 160 USD
  Income:Gains -20 USD`);
    expect(sales).toEqual(['2024-06-03 return_of_capital 10 ABC: 20 - 0 = 20 long']);
    expect(lots).toEqual(['10 ABC of 2023-01-05: 0 long', '10 ABC of 2023-02-05: 120 long']);
  });

  it('through a return of capital that the ledger books as money alone', async () => {
    const { sales, lots } = await taxesOf(`${buy()}${price('ABC', 60)}
2024-06-03 * "5 a share"
  event: "return_of_capital"
  commodity: ABC
  Assets:B:Cash 50 USD
  Income:Distributions -50 USD`);
    expect(sales).toEqual([]);
    expect(lots).toEqual(['10 ABC of 2023-01-05: 950 long']);
  });

  it('when income joins its cost', async () => {
    const { sales, lots } = await taxesOf(`${buy()}${price('ABC', 60)}
2024-06-03 * "Notional distribution"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 10 ABC {105 USD}
  Income:Dividends -50 USD`);
    expect(sales).toEqual([]);
    expect(lots).toEqual(['10 ABC of 2023-01-05: 1050 long']);
  });

  it('through a spin-off: both keep dates and share the basis as booked', async () => {
    const { sales, lots, gaps } = await taxesOf(`${buy()}${price('ABC', 60)}${price('NEW', 60)}
2024-06-03 * "Spin-off"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 10 ABC {80 USD}
  Assets:B:S 5 NEW {40 USD}${sell('2024-06-10', 5, 50, '40 USD', 'NEW')}`);
    expect(sales).toEqual(['2024-06-10 sale 5 NEW: 250 - 200 = 50 long']);
    expect(lots).toEqual(['10 ABC of 2023-01-05: 800 long']);
    expect(gaps).toEqual([]);
  });

  it('through a merger with cash for a fraction', async () => {
    const { sales, lots, gaps } = await taxesOf(`${buy('2023-01-05', 21, 10)}${price('NEW', 60)}
2024-06-03 * "1 NEW for 2 ABC"
  Assets:B:S -21 ABC {10 USD}
  Assets:B:S 10 NEW {20 USD}
  Assets:B:Cash 15 USD
  Income:Gains -5 USD`);
    expect(sales).toEqual(['2024-06-03 cash_in_lieu 0.5 NEW: 15 - 10 = 5 long']);
    expect(lots).toEqual(['10 NEW of 2023-01-05: 200 long']);
    expect(gaps).toEqual([]);
  });

  it('in a merger for shares and money only where the ledger says that it is one', async () => {
    const merger = (meta: string): string => `${buy()}${price('NEW', 60)}
2024-06-03 * "Merger"${meta}
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 5 NEW {120 USD}
  Assets:B:Cash 400 USD`;
    const told = await taxesOf(merger('\n  event: "merger"'));
    expect(told.sales).toEqual(['2024-06-03 cash_in_lieu 0 NEW: 400 - 400 = 0 long']);
    expect(told.lots).toEqual(['5 NEW of 2023-01-05: 600 long']);
    const untold = await taxesOf(merger(''));
    expect(untold.sales).toEqual([]);
    expect(untold.gaps).toMatchObject([
      expect.stringMatching(/^departure_unexplained: ABC .*event: "merger"/),
    ]);
  });

  it('ends in a taxed exchange, where a result is booked', async () => {
    const { sales, lots } = await taxesOf(`${buy()}${price('NEW', 300)}
2024-06-03 * "Taxed exchange"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 5 NEW {300 USD}
  Income:Gains -500 USD`);
    expect(sales).toEqual(['2024-06-03 sale 10 ABC: 1500 - 1000 = 500 long']);
    expect(lots).toEqual(['5 NEW of 2024-06-03: 1500 short']);
  });

  it("ends when an option is exercised, whose cost joins the shares'", async () => {
    const { sales, lots } = await taxesOf(`${buy('2023-01-05', 1, 300, 'ABC-CALL-50')}${price('ABC', 60)}
2024-06-03 * "Exercise"
  Assets:B:S -1 ABC-CALL-50 {300 USD}
  Assets:B:S 100 ABC {53 USD}
  Assets:B:Cash -5000 USD`);
    expect(sales).toEqual([]);
    expect(lots).toEqual(['100 ABC of 2024-06-03: 5300 short']);
  });

  it('keeps the costs of buying it through a split and a move', async () => {
    const { sales } = await taxesOf(`${price('ABC', 60)}
2023-01-05 * "Buy"
  Assets:B:S 10 ABC {100 USD}
  Assets:B:Cash -1010 USD
  Expenses:Commission 10 USD
2023-06-05 * "2 for 1"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:S 20 ABC {50 USD}
2023-07-05 * "Move"
  Assets:B:S -20 ABC {50 USD}
  Assets:B:T 20 ABC {50 USD}${sell('2024-03-01', 5, 60, '50 USD').replace('B:S', 'B:T')}`);
    expect(sales).toEqual(['2024-03-01 sale 5 ABC: 300 - 252.5 = 47.5 long']);
  });
});

describe('short positions', () => {
  const short = `
2024-02-01 * "Sell short"
  Assets:B:S -10 ABC {150 USD}
  Assets:B:Cash 1495 USD
  Expenses:Commission 5 USD
`;

  it('win or lose when they are covered, short-term, with the costs of both sides', async () => {
    const { sales, notes, lots } = await taxesOf(`${short}${price('ABC', 100)}
2024-06-03 * "Cover"
  Assets:B:S 6 ABC {150 USD} @ 120 USD
  Assets:B:Cash -724 USD
  Expenses:Commission 4 USD
  Income:Gains`);
    expect(sales).toEqual(['2024-06-03 cover 6 ABC: 897 - 724 = 173 short']);
    expect(lots).toEqual(['-4 ABC of 2024-02-01: -598 short']);
    expect(notes).toContainEqual(expect.stringMatching(/1233/));
  });

  it('that are covered without a price cost what the result leaves', async () => {
    const { sales } = await taxesOf(`${short}
2024-06-03 * "Cover"
  Assets:B:S 10 ABC {150 USD}
  Assets:B:Cash -1200 USD
  Income:Gains -300 USD`);
    expect(sales).toEqual(['2024-06-03 cover 10 ABC: 1495 - 1200 = 295 short']);
  });

  it('in a call join the proceeds of the shares that it delivers', async () => {
    const { sales } = await taxesOf(`${buy('2023-01-05', 100, 50)}
2024-02-01 * "Write a call"
  Assets:B:S -1 ABC-CALL-60 {300 USD}
  Assets:B:Cash 300 USD
2024-06-03 * "Assigned"
  Assets:B:S 1 ABC-CALL-60 {300 USD}
  Assets:B:S -100 ABC {50 USD} @ 60 USD
  Assets:B:Cash 6000 USD
  Income:Gains`);
    expect(sales).toEqual(['2024-06-03 sale 100 ABC: 6300 - 5000 = 1300 long']);
  });
});

describe('what is left untold', () => {
  it('units that come at no cost from nowhere', async () => {
    const { gaps } = await taxesOf(`${price('ABC', 10)}
2024-01-05 * "?"
  Assets:B:S 10 ABC {0 USD}`);
    expect(gaps).toMatchObject([expect.stringMatching(/^acquired_at_zero_cost: 10 ABC/)]);
  });

  it('a spin-off without what it comes from', async () => {
    const { gaps } = await taxesOf(`${buy()}${price('ABC', 100)}${price('NEW', 10)}
2024-06-03 * "Spin-off"
  event: "spin_off"
  Assets:B:S 5 NEW {0 USD}`);
    expect(gaps).toMatchObject([expect.stringMatching(/^event_incomplete: NEW/)]);
  });

  it('a rate of the day on which a lot was bought: the lot stands, its gain does not', async () => {
    const { lots, sales, gaps } = await taxesOf(`
2024-01-05 price ABC 10 EUR
2024-06-05 price EUR 1.1 USD
2020-01-05 * "Buy"
  Assets:B:S 10 ABC {10 EUR}
  Assets:B:Cash -100 EUR
2024-07-05 * "Sell"
  Assets:B:S -4 ABC {10 EUR} @ 11 EUR
  Assets:B:Cash 44 EUR
  Income:Gains`);
    expect(sales).toEqual(['2024-07-05 sale 4 ABC: 48.4 - null = null long']);
    expect(lots).toEqual(['6 ABC of 2020-01-05: null long']);
    expect(gaps).toMatchObject([expect.stringMatching(/^rate_missing: ABC: .*EUR to USD.*2020-01-05/)]);
  });
});

describe('wash sales', () => {
  it('count a purchase in a tax-deferred account, whose own sales are not taxed', async () => {
    const { sales, lots, notes } = await taxesOf(`${buy()}${price('ABC', 60)}
2024-01-01 open Assets:B:Ira
  tax: "deferred"
${sell('2024-03-20', 10, 60, '100 USD')}
2024-03-25 * "Buy back in the IRA"
  Assets:B:Ira:S 4 ABC {61 USD}
  Assets:B:Ira:Cash -244 USD
2024-09-25 * "Sell there"
  Assets:B:Ira:S -1 ABC {61 USD} @ 80 USD
  Assets:B:Ira:Cash 80 USD
  Income:Gains`);
    expect(sales).toEqual(['2024-03-20 sale 10 ABC: 600 - 1000 = -400 long, 160 disallowed']);
    expect(lots).toEqual([]);
    expect(notes).toContainEqual(expect.stringMatching(/2008-5/));
  });

  it('count reinvested dividends, and units of the other side of a split', async () => {
    const { sales } = await taxesOf(`${buy()}${price('ABC', 60)}${sell('2024-03-20', 8, 60, '100 USD')}
2024-03-25 * "2 for 1"
  Assets:B:S -2 ABC {100 USD}
  Assets:B:S 4 ABC {50 USD}
2024-03-28 * "Reinvested"
  Assets:B:S 2 ABC {30 USD}
  Income:Dividends -60 USD`);
    // Two of the new units are one of the eight sold.
    expect(sales).toEqual(['2024-03-20 sale 8 ABC: 480 - 800 = -320 long, 40 disallowed']);
  });
});
