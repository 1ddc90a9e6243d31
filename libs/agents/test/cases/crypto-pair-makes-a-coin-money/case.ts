import { basis, fig, gain, isLot, lots, near, objects, position, rows, state, plain } from '../judge';
import type { LedgerCase } from '../ledger-case';

export const ledgerCase: LedgerCase = {
  today: '2023-06-30',
  async judge({ ask, need }) {
    const overview = await ask('portfolio_overview');
    const coin = position(overview, 'BTC');
    need(
      'BTC is no cash, of class crypto, 15000 USD',
      coin?.['is_cash'] !== true &&
        /crypto/.test(plain(coin?.['asset_class'] ?? 'crypto')) &&
        near(coin?.['price'], 15_000) &&
        coin?.['price_currency'] === 'USD',
      coin ?? state(overview),
    );
    need(
      'cost 33600, gain -3600',
      near(fig(coin, 'cost_basis') ?? basis(coin), 33_600) &&
        near(fig(coin, 'unrealised_gain') ?? gain(coin), -3_600),
      coin ?? state(overview),
    );
    const tax = await ask('portfolio_tax_report', { tax_year: 2023 });
    const open = lots(tax, 'BTC');
    need(
      'open lot: basis 33600, value 30000, gain -3600',
      open.length === 1 && isLot(open[0], 33_600, 30_000),
      open.length > 0 ? open : state(tax),
    );
    const total = rows(tax.data, { term: 'total' }, ['net']).find((row) => 'lots' in row || 'value' in row);
    need('unrealised in all -180', near(total?.['net'], -180), total);
    const harvest = await ask('tax_harvesting_opportunities', { min_loss: '100' });
    const losses = objects(harvest.data).filter(
      (row) =>
        row['commodity'] === 'BTC' &&
        near(Math.abs(Number(fig(row, 'gain_base', 'loss_base', 'loss'))), 3_600),
    );
    need('harvesting lists the loss of 3600', losses.length > 0, state(harvest));
  },
};
