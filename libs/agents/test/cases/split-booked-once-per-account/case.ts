import { at, fig, isLot, isSale, lots, near, sales, state } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2022-12-30',
  async judge({ ask, need }) {
    const holding = await ask('holding_deep_dive', { commodity: 'ROCK', lookback_days: 361 });
    const splits = at(holding.data, 'price_history.splits', 'splits');
    const list = Array.isArray(splits) ? splits : [];
    need('one split of 4', list.length === 1 && near(fig(list[0], 'ratio'), 4), list);
    const change = at(holding.data, 'price_history.price_return', 'price_return');
    need('price return 0.2', near(change, 0.2), change ?? state(holding));
    const fall = at(holding.data, 'price_history.max_drawdown', 'price_history.drawdown');
    const depth = Math.abs(Number(fig(fall, 'depth') ?? fall));
    need('a drawdown of -0.047619', near(depth, 0.0476190476, 1e-4), fall);
    const tax = await ask('portfolio_tax_report', { tax_year: 2022 });
    const sold = sales(tax, 'ROCK');
    need(
      'sale 4380 - 4020 = 360',
      sold.length === 1 && isSale(sold[0], 4_380, 4_020, 360),
      sold.length > 0 ? sold : state(tax),
    );
    const open = lots(tax, 'ROCK');
    need(
      'open lot: basis 4220, gain 460',
      open.length === 1 && isLot(open[0], 4_220, 4_680),
      open.length > 0 ? open : state(tax),
    );
  },
};
