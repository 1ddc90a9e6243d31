import { disallowed, isSale, objects, sales, says, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    need(
      'a loss of 200, nothing disallowed',
      sold.length === 1 && isSale(sold[0], 800, 1_000, -200) && Number(disallowed(sold[0])) === 0,
      sold.length > 0 ? sold : state(report),
    );
    need(
      'the window is open to 2025-01-19',
      objects(report.data).some((row) => Object.values(row).includes('2025-01-19')) ||
        says(report, /2025-01-19/),
      state(report),
    );
  },
};
