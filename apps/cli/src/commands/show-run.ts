import { DawsosError, Decimal, isErrorCode, type Run } from '@dawsos/contracts';
import { EXIT } from '@dawsos/service';
import type { ApiClient } from '../api/client';
import { PatternSchema } from '../api/schemas';
import { CliError } from '../cli-error';
import { renderResult } from '../render/panels';
import { repairOf } from '../render/repair-order';
import { renderTable } from '../render/table';
import type { Terminal } from '../terminal/terminal';

/** Prints a run: its line, then its result as the pattern presents it, or its error. */
export async function showRun(
  terminal: Terminal,
  client: ApiClient,
  run: Run,
  asJson: boolean,
): Promise<void> {
  if (asJson) {
    terminal.json(run);
    return;
  }
  terminal.print(headline(run, terminal));
  for (const line of freshnessLines(run)) terminal.print(line);
  const plugins = run.provenance?.ledger_plugins_not_run ?? [];
  if (plugins.length > 0) terminal.print(`plugins of the ledger that were not run: ${plugins.join(', ')}`);
  if (run.data !== undefined) {
    const pattern = await client.get(`/v1/patterns/${run.pattern_id}`, PatternSchema);
    terminal.print('');
    for (const line of renderResult(pattern.presentation, run.data)) terminal.print(line);
    for (const { figure, blocks } of run.withheld ?? [])
      terminal.note(
        `${figure} is withheld: ${blocks.map(({ reason, remedy }) => `${reason}. ${remedy}`).join(' ')}`,
      );
    for (const attribution of run.attributions ?? []) terminal.print(attribution);
    return;
  }
  for (const line of stepLines(run)) terminal.print(`  ${line}`);
}

export function headline(run: Run, terminal: Terminal): string {
  const took = run.finished_at === null ? '' : `  ${String(elapsedMs(run.created_at, run.finished_at))} ms`;
  const waited =
    run.started_at === null || run.finished_at === null
      ? ''
      : ` (queue ${String(elapsedMs(run.created_at, run.started_at))}, run ${String(elapsedMs(run.started_at, run.finished_at))})`;
  const style = run.status === 'succeeded' ? 'green' : run.status === 'failed' ? 'red' : 'yellow';
  return `${terminal.style('bold', run.pattern_id)}  ${terminal.style(style, run.status)}${took}${waited}`;
}

/** What a run waits for, and how fresh its prices were and until when they are taken for that. */
export function freshnessLines(run: Run): readonly string[] {
  const { awaiting, freshness, valid_until: validUntil } = run;
  const lines: string[] = [];
  if (awaiting !== undefined) {
    lines.push(
      `waits for ${awaiting.pack_id} to be built, until ${awaiting.until.slice(0, 19).replace('T', ' ')} UTC`,
    );
  }
  if (freshness !== undefined && freshness.stale_share !== '0') {
    const percent = new Decimal(freshness.stale_share).times(100).toFixed(1);
    const bound =
      freshness.bound_bp === null
        ? 'by an amount that cannot be stated'
        : `by ${freshness.bound_bp} basis points at most (${freshness.confidence} confidence)`;
    lines.push(
      `stale: prices of ${run.pricing_pack_id}; ${percent} % of the value rests on old ones, which can have moved it ${bound}`,
    );
  }
  if (validUntil !== null && run.status === 'succeeded') {
    lines.push(`fresh until ${validUntil.slice(0, 16).replace('T', ' ')} UTC`);
  }
  return lines;
}

const elapsedMs = (from: string, to: string) => Date.parse(to) - Date.parse(from);

export function stepLines(run: Run): readonly string[] {
  return renderTable(
    [
      { title: 'step', align: 'left' },
      { title: 'capability', align: 'left' },
      { title: 'status', align: 'left' },
      { title: 'ms', align: 'right' },
    ],
    run.steps.map((step) => [
      step.step_id,
      step.capability,
      step.error_code === null ? step.status : `${step.status}: ${step.error_code}`,
      step.duration_ms === null ? '' : step.duration_ms.toFixed(1),
    ]),
  );
}

/** @throws the run's own error when it did not succeed, so that the exit code says so */
export function outcomeOf(run: Run): void {
  if (run.status === 'succeeded') return;
  const problem = run.error;
  if (problem !== undefined && isErrorCode(problem.code)) {
    const repair = repairOf(problem);
    throw new DawsosError(problem.code, problem.detail, {
      extensions: repair === undefined ? {} : { repair },
    });
  }
  throw new CliError(`the run ended as ${run.status}`, EXIT.badData, {
    fix: `see its steps with: dawsos runs show ${run.run_id}`,
  });
}
