import { disallowed, isLot, isSale, lots, near, recognised, sales, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2025-02-14',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    need(
      'a loss of 200, all of it disallowed',
      sold.length === 1 &&
        isSale(sold[0], 800, 1_000, -200) &&
        near(disallowed(sold[0]), 200) &&
        near(recognised(sold[0]), 0),
      sold.length > 0 ? sold : state(report),
    );
    const open = lots(report, 'ABC');
    need('open 10 at 1020, gain -170', open.length === 1 && isLot(open[0], 1_020, 850), open);
  },
};
