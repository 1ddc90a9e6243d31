import {
  basis,
  disallowed,
  gain,
  isLot,
  lots,
  near,
  proceeds,
  recognised,
  sales,
  state,
  sum,
  plain,
} from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    const first = sold.find((sale) => sale['date'] === '2024-03-20');
    need(
      'a loss of 1000, 900 of it disallowed',
      near(gain(first), -1_000) && near(disallowed(first), 900),
      first ?? state(report),
    );
    const second = sold.filter((sale) => sale['date'] === '2024-11-01');
    need(
      'the second sale 3300 - 3120 = 180, long',
      near(sum(second, proceeds), 3_300) &&
        near(sum(second, basis), 3_120) &&
        near(sum(second, gain), 180) &&
        second.every((sale) => /long/.test(plain(sale['term']))),
      second,
    );
    need('recognised in all 80', near(sum(sold, recognised), 80), sold.map(recognised));
    const open = lots(report, 'ABC');
    need('open 30 at 1530, gain 120', open.length === 1 && isLot(open[0], 1_530, 1_650), open);
  },
};
