import { loadLedgerFrom, type Transaction } from '@dawsos/ledger';
import { entriesOnTheWays } from './lot-ways';

const LEDGER = `
2024-01-01 open Assets:P:Shares
2024-01-01 open Assets:P:Cash
2024-01-01 open Assets:Q:Shares
2024-01-01 open Assets:R:Shares
2024-01-01 open Assets:S:Shares
2024-01-01 open Equity:Owner
2024-01-02 * "R buys"
  Assets:R:Shares    5 ABC {10 USD}
  Equity:Owner
2024-01-03 * "S buys"
  Assets:S:Shares    5 ABC {11 USD}
  Equity:Owner
2024-01-04 * "R gives to Q"
  Assets:R:Shares   -5 ABC {10 USD}
  Assets:Q:Shares    5 ABC {10 USD, 2024-01-02}
2024-01-05 * "Q gives to P"
  Assets:Q:Shares   -5 ABC {10 USD, 2024-01-02}
  Assets:P:Shares    5 ABC {10 USD, 2024-01-02}
2024-01-06 * "P is paid"
  Assets:P:Cash      7 USD
  Equity:Owner
`;

it('the entries of a lot’s way are replayed, and those of lots that never came near are not', async () => {
  const { entries } = await loadLedgerFrom(
    { read: async () => new TextEncoder().encode(LEDGER), list: async () => [] },
    'main.beancount',
  );
  const history = entries.filter((entry): entry is Transaction => entry.type === 'transaction');
  const kept = entriesOnTheWays(history, (account) => account.startsWith('Assets:P:'));
  expect(kept.map(({ narration }) => narration)).toEqual([
    'R buys',
    'R gives to Q',
    'Q gives to P',
    'P is paid',
  ]);
});
