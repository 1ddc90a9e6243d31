import { basis, disallowed, gain, lots, near, proceeds, recognised, sales, state, sum } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    const first = sold.find((sale) => sale['date'] === '2024-03-20');
    need(
      'a loss of 1000, 300 of it disallowed',
      near(gain(first), -1_000) && near(disallowed(first), 300),
      first ?? state(report),
    );
    const second = sold.filter((sale) => sale['date'] === '2024-11-01');
    need(
      'the second sale 1800 - 1530 = 270',
      near(sum(second, proceeds), 1_800) && near(sum(second, basis), 1_530) && near(sum(second, gain), 270),
      second,
    );
    need('recognised in all -430', near(sum(sold, recognised), -430), sold.map(recognised));
    const open = lots(report, 'ABC');
    need('nothing open', open.length === 0, open);
  },
};
