import { isoDate } from '@dawsos/contracts';
import { createSnapshot, loadLedgerFrom } from '@dawsos/ledger';
import { createRecorder } from '../reads/recording';
import { packWith } from '../__fixtures__/world';
import { createRoles } from './roles';
import { transactions } from './holdings';

const HEAD = `
option "operating_currency" "USD"
plugin "beancount.plugins.auto_accounts"
2024-01-01 custom "portfolio" "p" Assets:B
`;

/** `Account: role (how)` of each posting outside Assets:B, `flow` behind it where it counts as one; of the last entry. */
async function roles(text: string): Promise<string[]> {
  const source = new TextEncoder().encode(HEAD + text);
  const ledger = await loadLedgerFrom(
    { read: async (path) => (path === 'main.beancount' ? source : undefined), list: async () => [] },
    'main.beancount',
  );
  expect(ledger.errors).toEqual([]);
  const asofDate = isoDate('2025-12-31');
  const world = {
    pack: packWith(),
    ledger: createSnapshot('0'.repeat(40), ledger),
    portfolioId: 'p',
    asofDate,
  };
  const reader = createRecorder(world).ledger;
  const history = transactions(reader.entries({ to: asofDate }));
  const last = history.at(-1);
  if (last === undefined) throw new Error('no entry');
  return createRoles(
    reader,
    history,
  )(last).map(
    ({ posting, role, by, isFlow }) => `${posting.account}: ${String(role)} (${by})${isFlow ? ' flow' : ''}`,
  );
}

const BOUGHT = `
2024-01-02 * "Buy"
  Assets:B:S 10 ABC {100 USD}
  Assets:B:Cash -1000 USD
`;

describe('the role of a posting outside the portfolio', () => {
  it('is declared on the posting before it is on the account, and there by the nearest one above', async () => {
    const opened = `
2024-01-01 open Income:Odd
  role: "interest"
2024-01-01 open Income:Odd:Below:This
`;
    const entry = (meta: string): string => `${opened}
2024-02-01 * "?"
  Assets:B:Cash 5 USD
  Income:Odd:Below:This
${meta}`;
    expect(await roles(entry(''))).toEqual(['Income:Odd:Below:This: interest (account)']);
    expect(await roles(entry('    role: "contribution"'))).toEqual([
      'Income:Odd:Below:This: contribution (posting) flow',
    ]);
    expect(await roles(entry('    role: "nonsense"'))).toEqual([
      'Income:Odd:Below:This: unclassified (posting) flow',
    ]);
  });

  it("is a sale's result where the amount is cost less price, whatever the account is called", async () => {
    expect(
      await roles(`${BOUGHT}
2024-03-01 * "Sell"
  Assets:B:S -10 ABC {100 USD} @ 90 USD
  Assets:B:Cash 896 USD
  Expenses:Commission 4 USD
  Expenses:Whatever 100 USD`),
    ).toEqual(['Expenses:Commission: trading_cost (name)', 'Expenses:Whatever: result (proof)']);
  });

  it("is a sale's result where it alone is unknown beside units sold for money", async () => {
    expect(
      await roles(`${BOUGHT}
2024-03-01 * "Sell, no price"
  Assets:B:S -10 ABC {100 USD}
  Assets:B:Cash 1096 USD
  Expenses:Bank-Fees 4 USD
  Income:Realized -100 USD`),
    ).toEqual(['Expenses:Bank-Fees: trading_cost (name)', 'Income:Realized: result (proof)']);
  });

  it('is a cost of trading where the entry does nothing but trade', async () => {
    expect(
      await roles(`
2024-01-02 * "Buy"
  Assets:B:S 10 ABC {100 USD}
  Assets:B:Cash -1009 USD
  Expenses:Comm 9 USD`),
    ).toEqual(['Expenses:Comm: trading_cost (proof)']);
  });

  it.each([
    ['Income:Broker:Dividends', 'dividend'],
    ['Income:DividendIncome', 'dividend'],
    ['Income:Div:XYZ', 'dividend'],
    ['Income:US:Bank:InterestEarned', 'interest'],
    ['Income:Coupons', 'interest'],
    ['Income:Capital-Gains', 'result'],
    ['Income:CapitalGains', 'result'],
    ['Income:Losses', 'result'],
    ['Income:PnL', 'result'],
    ['Income:Broker:ABC', 'dividend'],
  ])('is told by a whole word of the name: %s is %s', async (account, role) => {
    const text = `${BOUGHT}
2024-03-01 * "Paid"
  Assets:B:Cash 10 USD
  ${account}`;
    expect(await roles(text)).toEqual([`${account}: ${role} (name)`]);
  });

  it.each(['Income:Gainsborough', 'Income:Rent', 'Income:Undivided', 'Income:Match401k'])(
    'is not told by a part of a word or by none: %s is a flow',
    async (account) => {
      const text = `${BOUGHT}
2024-03-01 * "Paid"
  Assets:B:Cash 10 USD
  ${account}`;
      expect(await roles(text)).toEqual([`${account}: unclassified (none) flow`]);
    },
  );

  it("of a payslip's taxes and fees is the pay's", async () => {
    expect(
      await roles(`
2024-03-01 * "Pay"
  Assets:B:Cash 70 USD
  Expenses:Taxes:Federal 25 USD
  Expenses:Union:Fees 5 USD
  Income:Salary -100 USD`),
    ).toEqual([
      'Expenses:Taxes:Federal: unclassified (none) flow',
      'Expenses:Union:Fees: unclassified (none) flow',
      'Income:Salary: compensation (name) flow',
    ]);
  });

  it('of a tax is tax_withheld beside a dividend, and in an entry of its own that names what paid', async () => {
    expect(
      await roles(`
2024-03-01 * "Dividend"
  Assets:B:Cash 85 USD
  Expenses:Tax 15 USD
  Income:Dividend -100 USD`),
    ).toEqual(['Expenses:Tax: tax_withheld (name)', 'Income:Dividend: dividend (name)']);
    const alone = (meta: string): string => `${BOUGHT}
2024-03-01 * "Tax"${meta}
  Assets:B:Cash -15 USD
  Expenses:Tax 15 USD`;
    expect(await roles(alone('\n  commodity: ABC'))).toEqual(['Expenses:Tax: tax_withheld (name)']);
    expect(await roles(alone(''))).toEqual(['Expenses:Tax: unclassified (none) flow']);
  });

  it('of interest is accrued where units are bought, and none where a loan outside is paid', async () => {
    expect(
      await roles(`
2024-03-01 * "Bond"
  Assets:B:S 10 BOND {100 USD}
  Assets:B:Cash -1012 USD
  Income:Interest 12 USD`),
    ).toEqual(['Income:Interest: accrued_interest (name)']);
    expect(
      await roles(`
2024-03-01 * "Mortgage"
  Assets:B:Cash -700 USD
  Liabilities:Mortgage 500 USD
  Expenses:Interest 200 USD`),
    ).toEqual(['Liabilities:Mortgage: null (none) flow', 'Expenses:Interest: unclassified (none) flow']);
  });

  it('counts as a flow or not as metadata flow says', async () => {
    expect(
      await roles(`
2024-01-01 open Income:Other
  flow: "external"
2024-03-01 * "Paid"
  Assets:B:Cash 10 USD
  Income:Other:Dividend`),
    ).toEqual(['Income:Other:Dividend: dividend (name) flow']);
    expect(
      await roles(`
2024-03-01 * "Correction"
  Assets:B:Cash 10 USD
  Equity:Rounding -10 USD
    flow: "internal"`),
    ).toEqual(['Equity:Rounding: null (none)']);
  });
});
