import { DawsosError, type PackSummary } from '@dawsos/contracts';
import type { Command } from 'commander';
import { usageError } from '../cli-error';
import { optionsOf, type CliContext, type GlobalOptions } from '../context';
import { renderTable } from '../render/table';
import { buildPackNow, type BuildOptions } from './build-pack';
import { addPackGaps } from './pack-gaps';
import { withDatabase } from './store';

export function addPacks(program: Command, context: CliContext): void {
  const packs = program.command('packs').description('list, build and read pricing packs');
  packs
    .command('list')
    .description('list the packs, newest first')
    .option('-n, --limit <count>', 'how many', '20')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ limit: string }>(command);
      const { createPackStore } = await import('@dawsos/pricing');
      const page = await withDatabase(context, options, (database) =>
        createPackStore(database).list({ limit: limitOf(options.limit) }),
      );
      if (options.json === true) context.terminal.json({ packs: page.packs });
      else if (page.packs.length === 0)
        context.terminal.note('no packs yet; build one with: dawsos packs build');
      else printPacks(context, page.packs);
    });
  packs
    .command('get')
    .argument('<id>', 'such as PP_2025-10-22')
    .description('print one pack: its state, its sources, what its build reported')
    .action(async (id: string, _options: unknown, command: Command) => {
      await getPack(context, id, optionsOf(command));
    });
  addPackGaps(packs, context);
  packs
    .command('build')
    .description('build the pack of a day from the ledger and the price files; with --url, where that API is')
    .option('--asof <date>', 'the day, YYYY-MM-DD (default: the newest that has prices)')
    .option('--restate <reason>', 'build again where one is sealed; another content supersedes it')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<BuildOptions & GlobalOptions>(command);
      const { pack, created, sealedWithout } = await buildPackNow(context, options);
      if (options.json === true)
        context.terminal.json({ pack, created, sealed_without: sealedWithout ?? null });
      else printPacks(context, [pack]);
      if (!created) context.terminal.note(unchanged(sealedWithout));
    });
}

function unchanged(sealedWithout: number | undefined): string {
  if (sealedWithout === undefined) return 'nothing to do: it is built, with this content';
  const what =
    sealedWithout > 0
      ? `sealed without ${String(sealedWithout)} prices and rates that the sources have now`
      : 'sealed with other prices than the sources have now';
  return `${what}; take them with: dawsos packs build --restate "more prices"`;
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw usageError(`--limit ${text} is not a count`, 'give a whole number from 1 to 1000');
}

function printPacks({ terminal }: CliContext, packs: readonly PackSummary[]): void {
  const lines = renderTable(
    ['pack', 'as of', 'status', 'prices', 'rates', 'hash', 'built'].map((title) => ({
      title,
      align: title === 'prices' || title === 'rates' ? 'right' : 'left',
    })),
    packs.map((pack) => [
      pack.pack_id,
      pack.asof_date,
      pack.error_code === null ? pack.status : `${pack.status}: ${pack.error_code}`,
      String(pack.price_count),
      String(pack.rate_count),
      pack.content_hash?.slice(0, 12) ?? '',
      pack.built_at?.slice(0, 19).replace('T', ' ') ?? '',
    ]),
  );
  for (const line of lines) terminal.print(line);
}

async function getPack(context: CliContext, id: string, options: GlobalOptions): Promise<void> {
  const { createPackStore } = await import('@dawsos/pricing');
  const found = await withDatabase(context, options, async (database) => {
    const store = createPackStore(database);
    const pack = await store.find(id);
    if (pack === undefined) throw new DawsosError('pack_not_found', `There is no pack ${id}.`);
    return { ...pack, report: (await store.report(id)) ?? null, failure: (await store.failure(id)) ?? null };
  });
  if (options.json === true) {
    context.terminal.json(found);
    return;
  }
  printPacks(context, [found]);
  context.terminal.print(`sources  ${found.sources.join(', ')}`);
  if (found.superseded_by !== null) context.terminal.print(`superseded by ${found.superseded_by}`);
  if (found.failure !== null) context.terminal.print(`failure  ${JSON.stringify(found.failure)}`);
}
