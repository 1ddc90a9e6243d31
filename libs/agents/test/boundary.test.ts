import { canonicalJson, isoDate, type JsonObject } from '@dawsos/contracts';
import { keepsApart } from '@dawsos/ledger';
import { askBooks, openBooks, openPatterns, textSource, type Books, type Patterns } from './in-process';

const ASOF = '2024-06-28';

/** What of another portfolio may differ without anything of it being seen from this one. */
interface Others {
  readonly id: string;
  readonly account: string;
  readonly narration: string;
  readonly payee: string;
  readonly units: number;
  readonly label: string;
}

const ONE: Others = {
  id: 'hushhush',
  account: 'Hideaway',
  narration: 'Bonus of the mistress',
  payee: 'Madame Pompadour',
  units: 771,
  label: 'heirloom',
};
const OTHER: Others = {
  id: 'orchard',
  account: 'Plain:Deep',
  narration: 'x',
  payee: 'y',
  units: 12,
  label: 'z',
};
const SECRETS = Object.values(ONE).map(String);

const books = ({ id, account, narration, payee, units, label }: Others): string => `
option "operating_currency" "USD"
2023-01-02 custom "portfolio" "growth" Assets:Growth
  base_currency: "USD"
2023-01-02 custom "portfolio" "${id}" Assets:${account} Liabilities:${account}
  base_currency: "USD"
  name: "${narration}"
2023-01-02 open Assets:Growth:Cash
2023-01-02 open Assets:Growth:Shares
2023-01-02 open Assets:Bank
2023-01-02 open Assets:${account}:Cash
  note: "${narration}"
2023-01-02 open Assets:${account}:Shares
2023-01-02 open Liabilities:${account}:Loan
2023-01-02 open Income:Dividends
2023-01-02 open Income:Gains
2023-01-02 open Expenses:Fees
2023-01-02 open Equity:Opening
2023-01-03 custom "target" "${id}" "ACME" ${String(units)}
2023-01-03 * "Start"
  Assets:Growth:Cash     100000 USD
  Equity:Opening
2023-01-03 * "${payee}" "${narration}" #${account.split(':')[0]!.toLowerCase()} ^${label}
  Assets:${account}:Cash  ${String(units * 1000)} USD
  Equity:Opening
2023-01-10 * "Buy"
  Assets:Growth:Shares   100 ACME {100 USD}
  Expenses:Fees           10 USD
  Assets:Growth:Cash
2023-02-10 * "${payee}" "${narration}"
  Assets:${account}:Shares  ${String(units)} ACME {101 USD, "${label}"}
  Assets:${account}:Cash
2023-03-10 * "${payee}" "${narration}" ^${label}
  memo: "${narration}"
  Assets:Growth:Cash       -2000 USD
  Assets:${account}:Cash      1500 USD
    memo: "${narration}"
  Liabilities:${account}:Loan  500 USD
2023-04-10 * "${payee}" "${narration}"
  Assets:Growth:Cash       -1010 USD
  Assets:${account}:Shares    10 ACME {101 USD, "${label}"}
2023-05-10 * "${payee}" "${narration}"
  Assets:Growth:Shares       -20 ACME {100 USD}
  Assets:${account}:Shares    20 ACME {100 USD, 2023-01-10, "${label}"}
2023-09-11 * "Sale"
  Assets:Growth:Shares       -10 ACME {100 USD} @ 130 USD
  Assets:Growth:Cash        1300 USD
  Income:Gains
2023-09-12 * "${payee}" "${narration}"
  Assets:${account}:Shares  -10 ACME {101 USD, 2023-02-10, "${label}"} @ 131 USD
  Assets:${account}:Cash   1310 USD
  Income:Gains
2024-03-15 * "Dividend"
  Assets:Growth:Cash          70 USD
  Income:Dividends
    commodity: "ACME"
2023-01-10 price ACME 100 USD
2023-09-11 price ACME 130 USD
2024-06-28 price ACME 140 USD
`;

const QUESTIONS: readonly (readonly [pattern: string, inputs: JsonObject])[] = [
  ['portfolio_overview', {}],
  ['holdings', {}],
  ['performance', { lookback_days: 400 }],
  ['export_portfolio_report', { include_macro: false }],
  ['fact_sheet', {}],
  ['risk_report', {}],
  ['portfolio_tax_report', { tax_year: 2023 }],
  ['tax_harvesting_opportunities', {}],
  ['holding_deep_dive', { commodity: 'ACME' }],
  ['policy_rebalance', { targets: { ACME: '0.5', USD: '0.5' } }],
  ['corporate_actions_upcoming', {}],
];

let patterns: Patterns;
let one: Books;
let other: Books;
beforeAll(async () => {
  [patterns, one, other] = await Promise.all([
    openPatterns(),
    openBooks(textSource(books(ONE))),
    openBooks(textSource(books(OTHER))),
  ]);
});

describe('a portfolio', () => {
  it.each(QUESTIONS)('is answered by %s as if nothing of the others were known', async (pattern, inputs) => {
    const ask = (of: Books) => askBooks(patterns, of, { pattern, portfolio: 'growth', asof: ASOF, inputs });
    const [seen, same] = [canonicalJson({ ...(await ask(one)) }), canonicalJson({ ...(await ask(other)) })];
    for (const secret of SECRETS) expect(seen).not.toContain(secret);
    expect(seen).toBe(same);
    expect(seen).toContain('"status":"succeeded"');
  });

  it('shows, in the place of the others, what an entry needs to balance', () => {
    const query = { portfolioId: 'growth', from: isoDate('2023-03-01'), to: isoDate('2023-05-31') };
    const seen = one.ledger.entries(query).flatMap((entry) => (entry.type === 'transaction' ? [entry] : []));
    const legs = seen.map(({ postings }) =>
      postings.map(({ account, units }) => `${account} ${units.number.toString()} ${units.currency}`),
    );
    expect(legs).toEqual([
      [
        'Assets:Growth:Cash -2000 USD',
        'Assets:OtherPortfolio 1500 USD',
        'Liabilities:OtherPortfolio 500 USD',
      ],
      ['Assets:Growth:Cash -1010 USD', 'Assets:OtherPortfolio 1010 USD'],
      ['Assets:Growth:Shares -20 ACME', 'Assets:OtherPortfolio 20 ACME'],
    ]);
    for (const { narration, payee, tags, links } of seen)
      expect([narration, payee, tags, links]).toEqual(['With another portfolio', null, [], []]);
    expect(one.ledger.customs('target', isoDate('2024-01-01'), 'growth')).toEqual([]);
    expect(one.ledger.customs('target', isoDate('2024-01-01'), null)).toHaveLength(1);
  });

  it('is seen as it is by who asks for the whole ledger', () => {
    const whole = one.ledger.entries({ portfolioId: null, to: isoDate(ASOF) });
    expect(whole).toEqual(one.ledger.ledger.entries.filter(({ type }) => type === 'transaction'));
  });

  it('that is not there names none that are', () => {
    expect(() => one.ledger.portfolio('none')).toThrow(/declares no portfolio "none"\.$/);
  });
});

describe('a commit that a key names', () => {
  const at = async (text: string) => (await openBooks(textSource(text))).ledger;
  const declared = (growth: string, income: string) => `
option "operating_currency" "USD"
2023-01-02 custom "portfolio" "growth" ${growth}
  base_currency: "USD"
${income === '' ? '' : `2023-01-02 custom "portfolio" "income" ${income}\n  base_currency: "USD"\n`}
2023-01-02 open Assets:Growth
2023-01-02 open Assets:Income
`;

  it('keeps a portfolio apart where it gives it no account that is another portfolio now, nor shows one', async () => {
    const now = await at(declared('Assets:Growth', 'Assets:Income'));
    const cases: readonly (readonly [growth: string, income: string, keepsApart: boolean])[] = [
      ['Assets:Growth', 'Assets:Income', true],
      ['Assets:Growth Assets:Income', '', false],
      ['Assets:Income', 'Assets:Growth', false],
      ['Assets:Growth', '', false],
    ];
    for (const [growth, income, apart] of cases)
      expect(keepsApart(await at(declared(growth, income)), now, 'growth')).toBe(apart);
  });
});
