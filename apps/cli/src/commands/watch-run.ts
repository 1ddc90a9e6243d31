import { RunEventTypeSchema } from '@dawsos/contracts';
import { z } from 'zod';
import type { ApiClient } from '../api/client';
import type { ServerSentEvent } from '../api/server-sent-events';
import type { Terminal } from '../terminal/terminal';

const EventDataSchema = z.looseObject({
  step_id: z.string().nullish(),
  capability: z.string().nullish(),
  status: z.string().nullish(),
  duration_ms: z.number().nullish(),
  attempt: z.number().nullish(),
  cached: z.boolean().nullish(),
  error_code: z.string().nullish(),
  awaiting_pack: z.string().nullish(),
  pack_id: z.string().nullish(),
  pricing_pack_id: z.string().nullish(),
});
type EventData = z.infer<typeof EventDataSchema>;

/** Shows a run's events on stderr as they come, until the run has finished. */
export async function watchRun(
  terminal: Terminal,
  client: ApiClient,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of client.events(`/v1/runs/${runId}/events`, signal)) {
    const line = describeEvent(event, terminal);
    if (line !== undefined) terminal.note(line);
    if (event.event === 'run.finished') return;
  }
}

function describeEvent(event: ServerSentEvent, terminal: Terminal): string | undefined {
  const type = RunEventTypeSchema.safeParse(event.event);
  if (!type.success) return undefined;
  const data = dataOf(event.data);
  switch (type.data) {
    case 'run.accepted':
      return data.awaiting_pack == null ? '  accepted' : `  accepted; waits for ${data.awaiting_pack}`;
    case 'run.awaiting_pack':
      return `  waits for ${data.pack_id ?? 'a fresh pack'}`;
    case 'run.pack_ready':
      return `  ${data.pricing_pack_id ?? 'the pack'} is fresh`;
    case 'run.started':
      return data.attempt !== null && data.attempt !== undefined && data.attempt > 1
        ? `  started, attempt ${String(data.attempt)}`
        : '  started';
    case 'step.started':
      terminal.redraw(`  … ${data.step_id ?? ''} ${data.capability ?? ''}`);
      return undefined;
    case 'step.finished':
      return stepLine(data, terminal);
    case 'run.finished':
      return `  ${data.status ?? 'finished'}`;
  }
}

function stepLine(data: EventData, terminal: Terminal): string {
  const good = data.status === 'succeeded' || data.status === 'skipped';
  const mark = good ? terminal.styleNote('green', '✓') : terminal.styleNote('red', '✗');
  const took =
    data.duration_ms === null || data.duration_ms === undefined ? '' : `${data.duration_ms.toFixed(1)} ms`;
  const why = data.error_code ?? (data.cached === true ? 'cached' : (data.status ?? ''));
  const what = `${data.step_id ?? ''} ${data.capability ?? ''}`;
  return `  ${mark} ${what.padEnd(56)} ${why.padEnd(10)} ${took.padStart(10)}`;
}

/** The event's own data stand at the top, or below `data` where the whole event is sent. */
function dataOf(text: string): EventData {
  const parsed: unknown = JSON.parse(text);
  const whole = z.looseObject({ data: EventDataSchema }).safeParse(parsed);
  return whole.success ? whole.data.data : EventDataSchema.parse(parsed);
}
