import { RunExplanationSchema, RunSchema, RUN_STATUSES } from '@dawsos/contracts';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { RunPageSchema, TraceSchema } from '../api/schemas';
import { clientOf, optionsOf, type CliContext } from '../context';
import { renderExplanation } from '../render/explanation';
import { renderTable } from '../render/table';
import { renderTrace } from '../render/trace-tree';
import { RUN_ARGUMENT, runIdOf } from './run-id';
import { headline, showRun, stepLines } from './show-run';
import { watchRun } from './watch-run';

interface ListOptions {
  readonly pattern?: string;
  readonly status?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
  readonly pageToken?: string;
}

export function addRuns(program: Command, context: CliContext): void {
  const runs = program.command('runs').description('list, read, watch and cancel runs');
  addList(runs, context);
  runs
    .command('get')
    .argument(...RUN_ARGUMENT)
    .description('print a run and its result')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      const client = clientOf(context, options);
      const run = await client.get(pathOf(await runIdOf(client, id)), RunSchema);
      await showRun(context.terminal, client, run, options.json === true);
    });
  runs
    .command('show')
    .argument(...RUN_ARGUMENT)
    .description("print a run's steps and its trace as a tree with times")
    .action(async (id: string, _options: unknown, command: Command) => {
      await showTrace(context, id, command);
    });
  runs
    .command('explain')
    .argument(...RUN_ARGUMENT)
    .description('say why a run waits, stalled, was tried again, failed or was slow, and what to do')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      const client = clientOf(context, options);
      const path = `${pathOf(await runIdOf(client, id))}/explain`;
      const explanation = await client.get(path, RunExplanationSchema);
      const { terminal } = context;
      if (options.json === true) terminal.json(explanation);
      else
        for (const line of renderExplanation(explanation, (text) => terminal.style('bold', text)))
          terminal.print(line);
    });
  runs
    .command('watch')
    .argument(...RUN_ARGUMENT)
    .description("show a run's steps as they happen")
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      const client = clientOf(context, options);
      const runId = await runIdOf(client, id);
      await watchRun(context.terminal, client, runId, AbortSignal.timeout(3_600_000));
      const run = await client.get(pathOf(runId), RunSchema);
      await showRun(context.terminal, client, run, options.json === true);
    });
  runs
    .command('cancel')
    .argument('<id>')
    .description('cancel a run, also one that is running')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      const client = clientOf(context, options);
      const { body } = await client.post(
        `${pathOf(id)}/cancel`,
        {},
        z.looseObject({ run_id: z.string(), status: z.string() }),
      );
      if (options.json === true) context.terminal.json(body);
      else context.terminal.print(`${body.run_id} ${body.status}`);
    });
}

const pathOf = (id: string) => `/v1/runs/${encodeURIComponent(id)}`;

function addList(runs: Command, context: CliContext): void {
  runs
    .command('list')
    .description('list your runs, newest first')
    .option('--pattern <id>', 'only those of a pattern')
    .addOption(new Option('--status <status>', 'only those in a status').choices(RUN_STATUSES))
    .option('--since <time>', 'only those accepted at or after, ISO 8601')
    .option('--until <time>', 'only those accepted before, ISO 8601')
    .option('-n, --limit <count>', 'how many', '20')
    .option('--page-token <token>', 'continue where a list ended')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<ListOptions>(command);
      const page = await clientOf(context, options).get(`/v1/runs?${queryOf(options)}`, RunPageSchema);
      const { terminal } = context;
      if (options.json === true) {
        terminal.json(page);
        return;
      }
      if (page.runs.length === 0) terminal.note(emptyHint(options));
      else printRuns(context, page.runs);
      if (page.next_page_token) terminal.note(`more: dawsos runs list --page-token ${page.next_page_token}`);
    });
}

function emptyHint(options: ListOptions): string {
  const filtered = options.pattern ?? options.status ?? options.since ?? options.until;
  return filtered === undefined
    ? 'no runs yet; start one with: dawsos execute portfolio_overview --wait'
    : 'no runs fit the filter; list all with: dawsos runs list';
}

function queryOf(options: ListOptions): string {
  const query = new URLSearchParams({ page_size: options.limit });
  if (options.pattern !== undefined) query.set('pattern_id', options.pattern);
  if (options.status !== undefined) query.set('status', options.status);
  if (options.since !== undefined) query.set('created_after', options.since);
  if (options.until !== undefined) query.set('created_before', options.until);
  if (options.pageToken !== undefined) query.set('page_token', options.pageToken);
  return query.toString();
}

function printRuns({ terminal }: CliContext, runs: z.output<typeof RunPageSchema>['runs']): void {
  const lines = renderTable(
    ['run', 'pattern', 'status', 'accepted', 'ms', 'pack', 'ledger'].map((title) => ({
      title,
      align: title === 'ms' ? 'right' : 'left',
    })),
    runs.map((run) => [
      run.run_id,
      run.pattern_id,
      run.status,
      run.created_at.slice(0, 19).replace('T', ' '),
      run.finished_at === null ? '' : String(Date.parse(run.finished_at) - Date.parse(run.created_at)),
      run.pricing_pack_id,
      run.ledger_commit_hash.slice(0, 7),
    ]),
  );
  for (const line of lines) terminal.print(line);
}

async function showTrace(context: CliContext, id: string, command: Command): Promise<void> {
  const options = optionsOf(command);
  const client = clientOf(context, options);
  const path = pathOf(await runIdOf(client, id));
  const [run, trace] = await Promise.all([
    client.get(path, RunSchema),
    client.get(`${path}/trace`, TraceSchema),
  ]);
  const { terminal } = context;
  if (options.json === true) {
    terminal.json({ run, trace });
    return;
  }
  terminal.print(headline(run, terminal));
  for (const line of stepLines(run)) terminal.print(`  ${line}`);
  terminal.print(`\ntrace ${run.trace_id ?? 'none'}, ${String(trace.spans.length)} spans`);
  for (const line of renderTrace(trace.spans, terminal.width)) terminal.print(`  ${line}`);
}
