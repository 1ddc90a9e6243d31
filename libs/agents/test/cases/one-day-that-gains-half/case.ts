import { at, near, ran, says, state, twr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-01-03',
  async judge({ ask, need }) {
    const performance = await ask('performance', { from: '2024-01-02', to: '2024-01-03' });
    need('performance is answered', ran(performance), state(performance));
    need('TWR 0.5', near(twr(performance), 0.5), twr(performance));
    const period = at(performance.data, 'mwr.mwr');
    need('money-weighted 0.5 over the day', near(period, 0.5), period);
    need(
      'no rate a year, and a gap',
      at(performance.data, 'mwr.mwr_annualised') === null && says(performance, /mwr_annualised/, /year/),
      state(performance),
    );
  },
};
