import { isLot, isSale, lots, sales, state, plain } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    need(
      'sale 350 - 250 = 100, long, acquired 2023-01-05',
      sold.length === 1 &&
        isSale(sold[0], 350, 250, 100) &&
        /long/.test(plain(sold[0]?.['term'])) &&
        sold[0]?.['acquired'] === '2023-01-05',
      sold.length > 0 ? sold : state(report),
    );
    const open = lots(report, 'ABC');
    need('open 15 at 750, gain 300', open.length === 1 && isLot(open[0], 750, 1_050), open);
  },
};
