import { at, drawdown, near, state, total, twr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-03-25',
  async judge({ ask, need }) {
    const performance = await ask('performance', { lookback_days: 23 });
    need('TWR 0.0333333', near(twr(performance), 1 / 30), twr(performance) ?? state(performance));
    const depth = Math.abs(Number(drawdown(performance)));
    need('a drawdown of -0.0736842', near(depth, 0.0736842105), depth);
    need('value 930', near(total(await ask('holdings')), 930), state(performance));
    const [local, fx, interaction] = ['local', 'fx', 'interaction'].map((part) =>
      at(performance.data, `currency_attr.${part}`, `currency_attribution.${part}`, part),
    );
    need(
      'local 0, currency 0.0333333, interaction 0',
      near(local, 0) && near(fx, 1 / 30) && near(interaction, 0),
      { local, fx, interaction },
    );
  },
};
