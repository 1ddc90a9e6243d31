import { gain, isLot, isSale, lots, sales, says, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    need(
      'sale 360 - 300 = 60, or a gap that names ABC',
      (sold.length === 1 && isSale(sold[0], 360, 300, 60)) ||
        (sold.every((sale) => gain(sale) === null) && says(report, /ABC/)),
      sold.length > 0 ? sold : state(report),
    );
    const open = lots(report, 'ABC');
    need('open 7 at 700, gain 140', open.length === 1 && isLot(open[0], 700, 840), open);
  },
};
