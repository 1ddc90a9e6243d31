import { DawsosError, isErrorCode, type Run } from '@dawsos/contracts';
import { EXIT } from '@dawsos/service';
import type { ApiClient } from '../api/client';
import { PatternSchema } from '../api/schemas';
import { CliError } from '../cli-error';
import { renderPanels } from '../render/panels';
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
  if (run.data !== undefined) {
    const pattern = await client.get(`/v1/patterns/${run.pattern_id}`, PatternSchema);
    terminal.print('');
    for (const line of renderPanels(pattern.presentation?.panels ?? [], run.data)) terminal.print(line);
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
  if (problem !== undefined && isErrorCode(problem.code)) throw new DawsosError(problem.code, problem.detail);
  throw new CliError(`the run ended as ${run.status}`, EXIT.badData, {
    fix: `see its steps with: dawsos runs show ${run.run_id}`,
  });
}
