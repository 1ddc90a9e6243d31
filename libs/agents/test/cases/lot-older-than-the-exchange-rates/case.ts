import { at, basis, contribution, fig, isSale, near, ran, rows, sales, says, state, worth } from '../judge';
import type { LedgerCase } from '../ledger-case';

const WORTH = 4_054.18028958;

export const ledgerCase: LedgerCase = {
  today: '2024-06-28',
  async judge({ ask, need }) {
    const holdings = await ask('holdings');
    const held = rows(holdings.data, { commodity: 'OLDX' }, ['value']);
    need(
      'worth 4054.18',
      held.some((row) => near(row['value'], WORTH, 1e-7)),
      state(holdings),
    );

    const tax = await ask('portfolio_tax_report', { tax_year: 2024 });
    const sold = sales(tax, 'OLDX');
    need(
      'one sale 276.70171555 - 258.94756312 = 17.75415243',
      sold.length === 1 && isSale(sold[0], 276.70171555, 258.94756312, 17.75415243),
      sold.length > 0 ? sold : state(tax),
    );
    const old = rows(tax.data, { commodity: 'OLDX', acquired: '2015-02-02' }, ['units', 'quantity'])[0];
    need(
      'the lot of 2015 with units and value, and no basis',
      near(fig(old, 'units', 'quantity'), 20) && near(worth(old), (WORTH * 20) / 28) && basis(old) === null,
      old ?? state(tax),
    );
    need('a gap names the rate of 2015-02-02', says(tax, /2015-02-02/, /USD|EUR|rate/i), state(tax));

    const holding = await ask('holding_deep_dive', { commodity: 'OLDX', lookback_days: 150 });
    need(
      'the holding: value 4054.18, no cost, a contribution',
      near(at(holding.data, 'position.value', 'value'), WORTH, 1e-7) &&
        at(holding.data, 'position.cost_base') === null &&
        contribution(holding) !== undefined,
      state(holding),
    );
    const harvest = await ask('tax_harvesting_opportunities');
    need('harvesting is answered', ran(harvest), state(harvest));
  },
};
