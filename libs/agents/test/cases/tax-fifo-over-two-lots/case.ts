import { disallowed, gain, isLot, isSale, lots, near, sales, state, sum, plain } from '../judge';
import type { LedgerCase } from '../ledger-case';

const SALES = [
  { units: 10, received: 1_294, cost: 1_000, gained: 294, term: 'long' },
  { units: 5, received: 647, cost: 600, gained: 47, term: 'short' },
  { units: 5, received: 400, cost: 600, gained: -200, term: 'long' },
  { units: 3, received: 240, cost: 270, gained: -30, term: 'short' },
];

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    for (const { units, received, cost, gained, term } of SALES) {
      need(
        `${String(units)} units, ${term}: ${String(received)} - ${String(cost)} = ${String(gained)}`,
        sold.some(
          (sale) =>
            near(sale['units'], units) &&
            isSale(sale, received, cost, gained) &&
            plain(sale['term']).includes(term),
        ),
        sold.length > 0 ? sold : state(report),
      );
    }
    need('in all 111, nothing disallowed', near(sum(sold, gain), 111) && sum(sold, disallowed) === 0, sold);
    const open = lots(report, 'ABC');
    need('open 7 at 630, gain -70', open.length === 1 && isLot(open[0], 630, 560), open);
  },
};
