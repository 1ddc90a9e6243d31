import type { StepRecord } from '@dawsos/contracts';

/**
 * The sources that each step's result rests on: those among its own reads, and those of every step before it.
 * A record that names a step that is not there is a fault of ours, and its sources are then unknown: the result
 * holds `unknown`, which no registry knows, so nothing that rests on it may leave.
 */
export function figureSources(steps: readonly StepRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const records = new Map(steps.map((step) => [step.step_id, step]));
  const known = new Map<string, ReadonlySet<string>>();

  function sourcesOf(id: string, path: ReadonlySet<string>): ReadonlySet<string> {
    const done = known.get(id);
    if (done !== undefined) return done;
    const record = records.get(id);
    if (record === undefined || path.has(id)) return new Set([UNKNOWN_SOURCE]);
    const sources = new Set(record.reads.flatMap((read) => read.sources));
    for (const before of record.depends_on) {
      for (const source of sourcesOf(before, new Set([...path, id]))) sources.add(source);
    }
    known.set(id, sources);
    return sources;
  }

  for (const step of steps) sourcesOf(step.step_id, new Set());
  return known;
}

export const UNKNOWN_SOURCE = 'unknown';
