import { near, position, refused, says, state, total, twr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-06-28',
  async judge({ ask, need }) {
    const overview = await ask('portfolio_overview', { lookback_days: 40 });
    if (refused(overview, /USD/, /CAD|rate/i)) return;
    const cash = position(overview, 'USD');
    need(
      '10000 USD = 13703.88 CAD',
      near(total(overview), 13_703.87669, 1e-6) &&
        (cash?.['rate'] === undefined || near(cash['rate'], 1.370387669, 1e-8)),
      { cash, told: state(overview) },
    );
    need(
      'a return of 40 days of -0.000438469',
      near(twr(overview), -0.000438469, 1e-8) ||
        (twr(overview) === null && says(overview, /USD/, /CAD|rate/i)),
      twr(overview),
    );
  },
};
