import { drawdown, near, position, refused, says, state, twr, worth } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-06-11',
  async judge({ ask, need }) {
    for (const [day, value, linked] of [
      ['2024-06-07', 12_088.8, 0.70888],
      ['2024-06-11', 12_091, 0.7091],
    ] as const) {
      const holdings = await ask('holdings', {}, day);
      const performance = await ask('performance', { lookback_days: 10 }, day);
      const named = (answer: typeof holdings) =>
        refused(answer, /GPUX/, /split/i) || says(answer, /GPUX/, /split/i);
      const held = worth(position(holdings, 'GPUX'));
      need(
        `${day}: GPUX ${String(value)}, or a refusal for its split`,
        near(held, value) || (held === null && named(holdings)),
        held ?? state(holdings),
      );
      const got = twr(performance);
      need(
        `${day}: TWR ${String(linked)}`,
        near(got, linked) || (got === null && named(performance)),
        got ?? state(performance),
      );
      const depth = drawdown(performance);
      need(
        `${day}: drawdown -0.0090002`,
        near(Math.abs(Number(depth)), 0.0090002) || (depth === null && named(performance)),
        depth ?? state(performance),
      );
    }
  },
};
