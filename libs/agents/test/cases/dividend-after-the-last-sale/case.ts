import { at, contribution, near, ran, says, state, twr, xirr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2023-06-30',
  async judge({ ask, need }) {
    const performance = await ask('performance', { lookback_days: 200 });
    need('performance is answered', ran(performance), state(performance));
    need('0.3052738 a year', near(xirr(performance), 0.3052738, 5e-4), xirr(performance));
    const linked = twr(performance);
    need(
      'TWR 0.10 or none, and a gap for what came on nothing',
      (linked === null || near(linked, 0.1)) &&
        says(performance, /twr|time.weighted|2023-06-(20|21)|base|basis/i),
      { linked, told: state(performance) },
    );
    const holding = await ask('holding_deep_dive', { commodity: 'QDIV', lookback_days: 200 });
    need(
      'income 20, profit 120',
      near(at(holding.data, 'income.net_base', 'income.net'), 20) &&
        near(contribution(holding)?.['profit'], 120),
      { contribution: contribution(holding), told: state(holding) },
    );
  },
};
