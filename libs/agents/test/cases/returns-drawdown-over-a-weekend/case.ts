import { drawdown, near, says, state, total, twr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-01-08',
  async judge({ ask, need }) {
    const performance = await ask('performance', { lookback_days: 6 });
    need('TWR 0', near(twr(performance), 0), twr(performance) ?? state(performance));
    need(
      'a drawdown of -0.4, or a gap that names the weekend',
      near(Math.abs(Number(drawdown(performance))), 0.4) ||
        says(performance, /weekend|saturday|weekday|business day/i),
      drawdown(performance),
    );
    need('value 1000', near(total(await ask('holdings')), 1_000), state(performance));
  },
};
