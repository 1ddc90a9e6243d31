import { gain, sales, says, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-12-31',
  async judge({ ask, need }) {
    const report = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(report, 'ABC');
    need(
      'no sale with a gain',
      sold.every((sale) => gain(sale) === null),
      sold,
    );
    need('ABC is named as without cost', says(report, /ABC/), state(report));
  },
};
