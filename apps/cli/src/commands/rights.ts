import { Option, type Command } from 'commander';
import { z } from 'zod';
import { clientOf, optionsOf, type CliContext } from '../context';
import { readTextFile } from '../read-text-file';
import { renderTable } from '../render/table';
import { RUN_ARGUMENT, runIdOf } from './run-id';

export function addRights(program: Command, context: CliContext): void {
  const rights = program
    .command('rights')
    .description('check what may be shown and exported, and report what was');
  addShow(rights, context);
  addUsage(rights, context);
  rights
    .command('lint')
    .argument('<file>', 'a rights registry: YAML, or ODRL policies (JSON-LD)')
    .description('check a registry and show what each source allows; needs no service')
    .action(async (file: string, _options: unknown, command: Command) => {
      const { parseRegistry } = await import('@dawsos/rights');
      const registry = parseRegistry(readTextFile(file), file);
      if (optionsOf(command).json === true) {
        context.terminal.json(registry);
        return;
      }
      const lines = renderTable(
        ['source', 'display', 'export', 'redistribute', 'name'].map((title) => ({
          title,
          align: 'left' as const,
        })),
        Object.entries(registry.sources).map(([id, source]) => [
          id,
          yesOrNo(source.display),
          source.export.join(' ') || 'no',
          yesOrNo(source.redistribute),
          source.name,
        ]),
      );
      for (const line of lines) context.terminal.print(line);
    });
}

const RunRightsSchema = z.looseObject({
  uses: z.array(z.looseObject({ use: z.string(), outcome: z.string() })),
  figures: z.array(
    z.looseObject({
      figure: z.string(),
      sources: z.array(z.string()),
      blocks: z.array(z.looseObject({ use: z.string(), reason: z.string(), remedy: z.string() })),
    }),
  ),
});

function addShow(rights: Command, context: CliContext): void {
  rights
    .command('show')
    .argument(...RUN_ARGUMENT)
    .description("what may be done with a run's result, and which sources its figures rest on")
    .action(async (argument: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      const { terminal } = context;
      const client = clientOf(context, options);
      const runId = await runIdOf(client, argument);
      const shown = await client.get(`/v1/runs/${encodeURIComponent(runId)}/rights`, RunRightsSchema);
      if (options.json === true) {
        terminal.json(shown);
        return;
      }
      terminal.print(shown.uses.map(({ use, outcome }) => `${use} ${outcome}`).join('   '));
      const lines = renderTable(
        ['figure', 'rests on', 'blocked from'].map((title) => ({ title, align: 'left' as const })),
        shown.figures.map(({ figure, sources, blocks }) => [
          figure,
          sources.join(' '),
          [...new Set(blocks.map(({ use }) => use))].join(' '),
        ]),
      );
      for (const line of lines) terminal.print(line);
      const remedies = shown.figures.flatMap(({ blocks }) =>
        blocks.map(({ reason, remedy }) => `${reason}. ${remedy}`),
      );
      for (const remedy of new Set(remedies)) terminal.note(remedy);
    });
}

const UsageSchema = z.looseObject({
  usage: z.array(
    z.looseObject({
      period_start: z.string(),
      source: z.string(),
      action: z.string(),
      format: z.string().nullable(),
      count: z.number(),
      blocked: z.number(),
    }),
  ),
});

interface UsageOptions {
  readonly from?: string;
  readonly to?: string;
  readonly by: string;
  readonly unit: string;
  readonly csv?: boolean;
}

function addUsage(rights: Command, context: CliContext): void {
  rights
    .command('usage')
    .description('displays and exports per source, as data vendors ask for them (needs the scope admin)')
    .option('--from <date>', 'the first day, YYYY-MM-DD (default: 30 days before the last)')
    .option('--to <date>', 'the last day (default: today)')
    .addOption(
      new Option('--by <period>', 'a row a day, a month, or one in all')
        .choices(['day', 'month', 'total'])
        .default('month'),
    )
    .addOption(
      new Option('--unit <unit>', 'count answers and files, those who got them, or the runs they showed')
        .choices(['uses', 'users', 'runs'])
        .default('uses'),
    )
    .option('--csv', 'as CSV')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<UsageOptions>(command);
      const client = clientOf(context, options);
      const query = new URLSearchParams({ by: options.by, unit: options.unit });
      if (options.from !== undefined) query.set('from', options.from);
      if (options.to !== undefined) query.set('to', options.to);
      if (options.csv === true) {
        query.set('format', 'csv');
        context.terminal.print((await client.getText(`/v1/rights/usage?${query.toString()}`)).trimEnd());
        return;
      }
      const report = await client.get(`/v1/rights/usage?${query.toString()}`, UsageSchema);
      if (options.json === true) context.terminal.json(report);
      else if (report.usage.length === 0) context.terminal.note('nothing was shown or exported in this time');
      else printUsage(context, report.usage, options.unit);
    });
}

function printUsage(
  { terminal }: CliContext,
  usage: z.output<typeof UsageSchema>['usage'],
  unit: string,
): void {
  const lines = renderTable(
    ['from', 'source', 'action', unit, 'blocked'].map((title) => ({
      title,
      align: title === unit || title === 'blocked' ? 'right' : 'left',
    })),
    usage.map((row) => [
      row.period_start,
      row.source,
      row.format === null ? row.action : `${row.action} ${row.format}`,
      String(row.count),
      String(row.blocked),
    ]),
  );
  for (const line of lines) terminal.print(line);
}

const yesOrNo = (allowed: boolean): string => (allowed ? 'yes' : 'no');
