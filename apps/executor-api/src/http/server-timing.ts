import type { Run } from '@dawsos/contracts';

/** The phases of one answer in its `Server-Timing` header (a free waterfall in the browser's tools), the trace first. */
export interface ServerTiming {
  add(phase: 'gate' | 'queue' | 'run', milliseconds: number): void;
}

export function createServerTiming(
  traceparent: string | undefined,
  setHeader: (value: string) => void,
): ServerTiming {
  const entries = traceparent === undefined ? [] : [`trace;desc=${traceparent}`];
  const write = () => {
    if (entries.length > 0) setHeader(entries.join(', '));
  };
  write();
  return {
    add(phase, milliseconds) {
      entries.push(`${phase};dur=${Math.max(0, milliseconds).toFixed(1)}`);
      write();
    },
  };
}

/** How long the run waited and how long it ran, as far as it has come. */
export function addRunPhases(timing: ServerTiming, run: Run): void {
  if (run.started_at === null) return;
  const started = Date.parse(run.started_at);
  timing.add('queue', started - Date.parse(run.created_at));
  if (run.finished_at !== null) timing.add('run', Date.parse(run.finished_at) - started);
}
