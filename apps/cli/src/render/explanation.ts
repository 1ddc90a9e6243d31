import type { RunExplanation } from '@dawsos/contracts';

/** An explanation as lines: the summary, each finding with what to do, then the attempts. */
export function renderExplanation(
  explanation: RunExplanation,
  bold: (text: string) => string,
): readonly string[] {
  const findings = explanation.findings.flatMap(({ says, next_step }) => [
    `- ${says}`,
    ...(next_step === null ? [] : [`  do: ${next_step}`]),
  ]);
  return [bold(explanation.summary), ...findings, ...workerLine(explanation), ...breakerLine(explanation)];
}

function workerLine({ status, workers }: RunExplanation): readonly string[] {
  if (status !== 'accepted' && status !== 'running') return [];
  const { alive, active_jobs, concurrency } = workers;
  return [`workers alive ${String(alive)}, runs at work ${String(active_jobs)} of ${String(concurrency)}`];
}

function breakerLine({ breakers }: RunExplanation): readonly string[] {
  if (breakers.length === 0) return [];
  return [`breakers ${breakers.map(({ agent_name, state }) => `${agent_name} ${state}`).join(', ')}`];
}
