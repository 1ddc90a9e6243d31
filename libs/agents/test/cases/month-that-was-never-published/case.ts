import { fig, near, objects, rows, says, state, plain } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2026-02-27',
  async judge({ ask, need }) {
    const macro = await ask('macro_overview');
    const january = rows(macro.data, { series: 'CPIAUCSL', month: /^2026-01/ }, ['value']).filter(
      (row) => row['measure'] !== 'index',
    );
    need(
      'over a year, 2026-01 is 0.0217432',
      january.length > 0 && january.every((row) => near(row['value'], 0.021743218)),
      january.length > 0 ? january : state(macro),
    );
    const changes = rows(macro.data, { series: 'CPIAUCSL' }, ['change_3_months']);
    need(
      'no change over three months',
      changes.length > 0 && changes.every((row) => row['change_3_months'] === null),
      changes,
    );
    need('which is a gap that names the month', says(macro, /change over 3/, /2025-10/), state(macro));
    need(
      'the Sahm rule is a gap that names 2025-10',
      says(macro, /sahm|unemployment|UNRATE/i, /2025-10/),
      state(macro),
    );
    const filled = objects(macro.data).filter(
      (row) =>
        /^2025-10/.test(plain(fig(row, 'month', 'x', 'date'))) &&
        (/CPI|UNRATE/.test(plain(row['series'])) ? fig(row, 'value', 'y') : fig(row, 'inflation_z')) !== null,
    );
    need('nothing is filled for 2025-10', filled.length === 0, filled);
  },
};
