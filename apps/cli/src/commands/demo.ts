import { RunSchema, type Run } from '@dawsos/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { createApiClient, type ApiClient } from '../api/client';
import { TraceSchema, type StoredSpan } from '../api/schemas';
import { BOOK_VARIABLES } from '../books/book-variables';
import { optionsOf, type CliContext, type Environment } from '../context';
import type { Instance } from '../instance';
import { renderTrace } from '../render/trace-tree';
import { outcomeOf, showRun } from './show-run';
import { serve, serveOptions, type ServeOptions } from './serve';
import { addressesOf, describeAddresses } from './up';
import { watchRun } from './watch-run';

interface DemoOptions extends ServeOptions {
  readonly once?: boolean;
}

const PATTERN = 'portfolio_overview';
const PORTFOLIO = 'growth';
const TRACE_WITHIN_MS = 10_000;

export function addDemo(program: Command, context: CliContext): void {
  serveOptions(program.command('demo'))
    .description('start everything, run portfolio_overview on the example and show what comes of it')
    .option('--once', 'end after printing')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<DemoOptions>(command);
      const { terminal } = context;
      terminal.note(
        'dawsos demo: starts its own database and queue, asks one question of an example portfolio and shows the\n' +
          'answer, its proof and its trace. Nothing leaves this machine.\n',
      );
      await serve(
        { ...context, environment: onExample(context.environment) },
        options,
        async ({ instance }, signal) => {
          await demonstrate(context, options, instance, signal);
          return options.once === true ? 'done' : 'keep serving';
        },
      );
    });
}

/** The demo asks about the example alone: whatever books are set, they stay untouched. */
function onExample(environment: Environment): Environment {
  return { ...environment, ...Object.fromEntries(BOOK_VARIABLES.map((name) => [name, undefined])) };
}

interface Demonstration {
  readonly run: Run;
  readonly again: Run;
  readonly spans: readonly StoredSpan[];
}

async function demonstrate(
  context: CliContext,
  options: DemoOptions,
  instance: Instance,
  signal: AbortSignal,
): Promise<void> {
  const { terminal } = context;
  const client = createApiClient(instance.api_url, undefined);
  terminal.note(`\n${PATTERN} of the portfolio "${PORTFOLIO}":`);
  const run = await execute(context, client, signal, true);
  outcomeOf(run);
  const again = await execute(context, client, signal, false);
  const spans = await completeTrace(client, run.run_id, signal);
  const shown = { run, again, spans };
  if (options.json === true) terminal.json(asJson(shown, instance));
  else await print(context, client, instance, shown, options.once === true);
}

async function execute(
  { terminal }: CliContext,
  client: ApiClient,
  signal: AbortSignal,
  live: boolean,
): Promise<Run> {
  const { body } = await client.post(
    '/v1/execute',
    { pattern_id: PATTERN, portfolio_id: PORTFOLIO },
    z.looseObject({ run_id: z.uuid() }),
  );
  const silent = { ...terminal, note: () => undefined, redraw: () => undefined };
  await watchRun(live ? terminal : silent, client, body.run_id, signal);
  return client.get(`/v1/runs/${body.run_id}`, RunSchema);
}

/** The worker's last spans are stored just after the run has finished: read until the attempt's own span is there. */
async function completeTrace(
  client: ApiClient,
  runId: string,
  signal: AbortSignal,
): Promise<readonly StoredSpan[]> {
  const deadline = Date.now() + TRACE_WITHIN_MS;
  for (;;) {
    const { spans } = await client.get(`/v1/runs/${runId}/trace`, TraceSchema);
    const complete =
      spans.some((span) => span.name === 'process patterns') &&
      spans.some((span) => span.parent_span_id === null);
    if (complete || Date.now() > deadline || signal.aborted) return spans;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function proofOf({ run, again }: Demonstration): boolean {
  return run.data_hash !== undefined && run.data_hash === again.data_hash;
}

async function print(
  { terminal }: CliContext,
  client: ApiClient,
  instance: Instance,
  shown: Demonstration,
  once: boolean,
): Promise<void> {
  const { run, spans } = shown;
  terminal.print('');
  await showRun(terminal, client, run, false);
  const sources = run.provenance?.sources ?? [];
  const same = proofOf(shown) ? terminal.style('green', 'yes') : terminal.style('red', 'no');
  terminal.print(
    `Pins     pack ${run.pricing_pack_id} ${run.pack_status}   ledger ${run.ledger_commit_hash.slice(0, 7)}   pattern ${run.pattern_version}`,
  );
  terminal.print(
    `Proof    same bytes on a second run: ${same} (${run.data_hash?.slice(0, 12) ?? ''})   sources: ${String(sources.length)} (${sources.join(', ')})`,
  );
  const processes = new Set(spans.map((span) => span.service));
  terminal.print(
    `Trace    ${run.trace_id ?? ''}, ${String(spans.length)} spans, ${[...processes].join(' > ')}`,
  );
  for (const line of renderTrace(spans, terminal.width)) terminal.print(`  ${line}`);
  terminal.print('');
  for (const line of describeAddresses(instance)) terminal.print(line);
  terminal.print(`Next     ./dawsos runs show ${run.run_id}`);
  terminal.print(`         ./dawsos export ${run.run_id} --format pdf`);
  terminal.print(`         ./dawsos execute ${PATTERN} --portfolio ${PORTFOLIO} --wait`);
  if (!once) terminal.note('\nServing until Ctrl-C.');
}

function asJson(shown: Demonstration, instance: Instance): unknown {
  return {
    run: shown.run,
    proof: { same_bytes: proofOf(shown), first: shown.run.data_hash, second: shown.again.data_hash },
    trace: { trace_id: shown.run.trace_id, spans: shown.spans },
    ...addressesOf(instance),
  };
}
