import { near, state, total, twr, xirr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const performance = await ask('performance', { lookback_days: 365 });
    need('TWR 0.05', near(twr(performance), 0.05), twr(performance) ?? state(performance));
    need('value 2100', near(total(await ask('holdings')), 2_100), state(performance));
    need(
      'money-weighted 0.063449 a year',
      Math.abs(Number(xirr(performance)) - 0.063449) < 0.00015,
      xirr(performance),
    );
  },
};
