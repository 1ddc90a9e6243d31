import { isLot, isSale, lots, sales, state, plain } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    need(
      'sale 361 - 300 = 61, long',
      sold.length === 1 && isSale(sold[0], 361, 300, 61) && /long/.test(plain(sold[0]?.['term'])),
      sold.length > 0 ? sold : state(report),
    );
    const open = lots(report, 'ABC');
    need('open 7 at 700, gain 140', open.length === 1 && isLot(open[0], 700, 840), open);
  },
};
