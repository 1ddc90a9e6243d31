import { PortfolioSummarySchema } from '@dawsos/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { clientOf, optionsOf, type CliContext } from '../context';
import { renderTable } from '../render/table';

const PortfolioListSchema = z.looseObject({ portfolios: z.array(PortfolioSummarySchema) });

export function addPortfolios(program: Command, context: CliContext): void {
  program
    .command('portfolios')
    .description('list the portfolios that a run may name')
    .command('list')
    .description('those that the ledger declares; where it declares none, the whole ledger: all')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      const list = await clientOf(context, options).get('/v1/portfolios', PortfolioListSchema);
      if (options.json === true) {
        context.terminal.json(list);
        return;
      }
      const lines = renderTable(
        ['portfolio', 'base', 'name'].map((title) => ({ title, align: 'left' as const })),
        list.portfolios.map((portfolio) => [portfolio.portfolio_id, portfolio.base_currency, portfolio.name]),
      );
      for (const line of lines) context.terminal.print(line);
    });
}
