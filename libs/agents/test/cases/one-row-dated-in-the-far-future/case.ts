import { isoDate } from '@dawsos/contracts';
import { newestQuoteDate } from '@dawsos/pricing';
import { ran, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-01-05',
  async judge({ ask, books, need }) {
    const newest = newestQuoteDate(books.quotes, isoDate('2024-01-05'));
    need('the next pack is of 2024-01-05', newest === '2024-01-05', newest);
    const holdings = await ask('holdings');
    need(
      'answered from the pack of 2024-01-05',
      ran(holdings) && holdings.pricing_pack_id.includes('2024-01-05'),
      { pack: holdings.pricing_pack_id, told: state(holdings) },
    );
  },
};
