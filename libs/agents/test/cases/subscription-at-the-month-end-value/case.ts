import { near, state, twr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-03-28',
  async judge({ ask, need }) {
    const performance = await ask('performance', { lookback_days: 57 });
    need('TWR 0.05', near(twr(performance), 0.05), twr(performance) ?? state(performance));
  },
};
