import { exportedPdf } from '../exported-pdf';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2024-06-28',
  async judge({ ask, need }) {
    const pdf = [
      await exportedPdf('holding_deep_dive', await ask('holding_deep_dive', { commodity: 'TOKY' })),
      await exportedPdf('portfolio_tax_report', await ask('portfolio_tax_report', { tax_year: 2024 })),
    ].join('\n');
    const seen = [...pdf.matchAll(/.{0,20}(?:248|21[.,]0|333).{0,12}/g)].map(([text]) => text);
    need('a value of 248.196 dinars', /248[.,]196(?!\d)/.test(pdf) && !/248[.,]20(?!\d)/.test(pdf), seen);
    need('a gain of -21.037 dinars', /21[.,]037(?!\d)/.test(pdf) && !/21[.,]04(?!\d)/.test(pdf), seen);
    need('1,333 yen', /1[,.\u202f\u00a0' ]?333(?![\d.,])/.test(pdf) && !/333[.,]00/.test(pdf), seen);
  },
};
