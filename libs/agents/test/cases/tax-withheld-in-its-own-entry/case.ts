import { at, contribution, near, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

const INCOME = [
  { commodity: 'AAA', gross: 100, withheld: 15, net: 85 },
  { commodity: 'BBB', gross: 100, withheld: 15, net: 85 },
  { commodity: 'CCC', gross: 200, withheld: 30, net: 170 },
  { commodity: 'DDD', gross: 100, withheld: 15, net: 85 },
];

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    for (const { commodity, gross, withheld, net } of INCOME) {
      const holding = await ask('holding_deep_dive', { commodity });
      const got = ['gross', 'withheld', 'net'].map((part) =>
        at(holding.data, `income.${part}_base`, `income.${part}`),
      );
      need(
        `${commodity}: gross ${String(gross)}, withheld ${String(withheld)}, net ${String(net)}`,
        near(got[0], gross) && near(got[1], withheld) && near(got[2], net),
        [got, state(holding)],
      );
      const profit = contribution(holding)?.['profit'];
      need(`${commodity}: contribution ${String(net)}`, near(profit, net), profit);
    }
  },
};
