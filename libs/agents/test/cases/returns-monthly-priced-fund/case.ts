import { at, between, drawdown, near, says, state, total, twr, xirr } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const performance = await ask('performance', { lookback_days: 1_096, risk_free_rate: '0.02' });
    const metric = (name: string) => at(performance.data, `perf_metrics.${name}`, name);
    need('TWR 0.237068', near(twr(performance), 0.237068), twr(performance) ?? state(performance));
    const yearly = metric('twr_annualised');
    need('0.0734 a year', near(yearly, 0.0734489, 1e-4), yearly);
    need('money-weighted 0.0734 a year', near(xirr(performance), 0.0734489, 1e-4), xirr(performance));
    const depth = Math.abs(Number(drawdown(performance)));
    need('a drawdown of -0.070173', near(depth, 0.0701726, 1e-5), depth);
    need('value 12370.68', near(total(await ask('holdings')), 12_370.68), state(performance));
    for (const [name, low, high] of [
      ['volatility', 0.0545, 0.061],
      ['sharpe', 0.8, 1],
    ] as const) {
      const found = metric(name);
      const told = says(performance, new RegExp(name, 'i'));
      need(`${name} of months, or a gap`, between(found, low, high) || (found === null && told), found);
    }
  },
};
