import { basis, gain, lots, near, sales, state, sum, worth, plain } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2025-12-31',
  async judge({ ask, need }) {
    const reports = [
      await ask('portfolio_tax_report', { tax_year: 2024 }),
      await ask('portfolio_tax_report', { tax_year: 2025 }),
    ] as const;
    const sold = reports.flatMap((report) => sales(report, 'ABC'));
    for (const [date, term] of [
      ['2024-03-01', 'short'],
      ['2024-03-02', 'long'],
      ['2025-02-28', 'short'],
      ['2025-03-01', 'long'],
    ] as const) {
      const own = sold.filter((sale) => sale['date'] === date);
      need(
        `${date}: ${term}, gain 10`,
        own.length === 1 && plain(own[0]?.['term']).includes(term) && near(gain(own[0]), 10),
        own.length > 0 ? own : state(reports[1]),
      );
    }
    const open = lots(reports[1], 'ABC');
    need(
      'open at 100 and 110',
      open.length === 2 && near(sum(open, basis), 210) && near(sum(open, worth), 260),
      open,
    );
  },
};
