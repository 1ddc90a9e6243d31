import { PriceGapsSchema, type PriceGap } from '@dawsos/contracts';
import { Option, type Command } from 'commander';
import { clientOf, instanceOf, optionsOf, type CliContext } from '../context';
import { renderTable } from '../render/table';

interface GapsOptions {
  readonly portfolio?: string;
  readonly format: 'table' | 'csv';
}

export function addPackGaps(packs: Command, context: CliContext): void {
  packs
    .command('gaps')
    .argument('[id]', 'a pack (default: the one that a run would get)', 'latest')
    .description('list the prices and rates that answers need and a pack lacks')
    .option('-p, --portfolio <id>', 'what this portfolio needs (default: the whole ledger)')
    .addOption(
      new Option('--format <format>', 'csv: rows to fill in, for the price folder')
        .choices(['table', 'csv'])
        .default('table'),
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = optionsOf<GapsOptions>(command);
      const { terminal } = context;
      const query =
        options.portfolio === undefined ? '' : `?portfolio_id=${encodeURIComponent(options.portfolio)}`;
      const path = `/v1/packs/${encodeURIComponent(id)}/gaps${query}`;
      const found = await clientOf(context, options).get(path, PriceGapsSchema);
      if (options.json === true) {
        terminal.json(found);
        return;
      }
      if (options.format === 'csv') {
        const { gapsCsv } = await import('@dawsos/pricing');
        terminal.print(gapsCsv(found.gaps).trimEnd());
        return;
      }
      if (found.gaps.length > 0) for (const line of renderGaps(found.gaps)) terminal.print(line);
      const pack = found.pack_id ?? 'any pack: none is built yet';
      if (found.gaps.length === 0) terminal.note(`nothing is missing in ${pack}`);
      else terminal.note(hint(pack, instanceOf(context, options)?.settings['PRICES_DIR']));
    });
}

function hint(pack: string, folder: string | undefined): string {
  const where = folder === undefined ? 'the price folder (prices/)' : `${folder}/prices`;
  return `missing in ${pack}. As rows to fill in: dawsos packs gaps --format csv; put the file into ${where}`;
}

function renderGaps(gaps: readonly PriceGap[]): readonly string[] {
  return renderTable(
    ['needed', 'from', 'to', 'why', 'quoted at'].map((title) => ({ title, align: 'left' as const })),
    gaps.map(({ kind, commodity, currency, from, to, why, quoted_at: quoted }) => [
      kind === 'price' ? `price of ${commodity} in ${currency}` : `rate ${commodity}/${currency}`,
      from,
      to,
      why,
      quoted ?? '',
    ]),
  );
}
