import { fig, isSale, near, rows, sales, says, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2023-12-29',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2023 });
    const [sale] = sales(report, 'KUKU');
    const total = rows(report.data, { term: 'total' }, ['losses'], ['proceeds'])[0];
    need(
      'the sale 896 - 1000 = -104 and total losses -104, or a gap that names Capital-Loss',
      (isSale(sale, 896, 1_000, -104) && near(fig(total, 'losses'), -104)) || says(report, /Capital-Loss/i),
      { sale, total, told: state(report) },
    );
  },
};
