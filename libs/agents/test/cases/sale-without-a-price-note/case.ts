import { contribution, isSale, near, proceeds, sales, says, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

const SALES = [
  { commodity: 'PUTX-240119', named: /PUTX|Assets:Br:OPT/, received: 0, cost: 300, gained: -300 },
  { commodity: 'HOME', named: /HOME/, received: 15_000, cost: 10_000, gained: 5_000 },
];

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const tax = await ask('portfolio_tax_report', { tax_year: 2024 });
    for (const { commodity, named, received, cost, gained } of SALES) {
      const got = sales(tax, commodity);
      need(
        `the sale of ${commodity}, or a gap that names it`,
        (got.length === 1 && isSale(got[0], received, cost, gained)) ||
          (got.every((sale) => proceeds(sale) === null) && says(tax, named)),
        got.length > 0 ? got : state(tax),
      );
    }
    const holding = await ask('holding_deep_dive', { commodity: 'HOME', lookback_days: 365 });
    const added = contribution(holding);
    need('HOME: profit 10500', near(added?.['profit'], 10_500), added ?? state(holding));
  },
};
