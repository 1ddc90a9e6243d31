import { drawdown, near, says, state, total, twr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-01-08',
  async judge({ ask, need }) {
    const performance = await ask('performance', { lookback_days: 6 });
    const linked = twr(performance);
    need(
      'TWR 1.0, or none and a gap',
      near(linked, 1) || (linked === null && says(performance, /twr|weekend|saturday|2024-01-0[68]/i)),
      linked ?? state(performance),
    );
    const depth = drawdown(performance);
    need('no drawdown', depth === null || near(depth, 0), depth);
    need('value 4000', near(total(await ask('holdings')), 4_000), state(performance));
  },
};
