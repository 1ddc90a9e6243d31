import type { Provenance, Run, SkippedStep, StepRecord } from '@dawsos/contracts';

/** No registry knows it, so nothing that rests on it may leave. */
export const UNKNOWN_SOURCE = 'unknown';

/**
 * The sources that each step's result rests on: those among its own reads, and those of every step before it.
 * A skipped step read nothing itself, but its null tells what its condition asked of the steps before it.
 * A record that names a step that is not there is a fault of ours, and its sources are then unknown.
 */
export function stepSources(
  steps: readonly StepRecord[],
  skipped: readonly SkippedStep[] = [],
): ReadonlyMap<string, ReadonlySet<string>> {
  const records = new Map<string, Pick<StepRecord, 'depends_on' | 'reads'>>(
    skipped.map(({ step_id, depends_on }) => [step_id, { depends_on, reads: [] }]),
  );
  for (const step of steps) records.set(step.step_id, step);
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

  for (const id of records.keys()) sourcesOf(id, new Set());
  return known;
}

/** The sources of each figure of a result: a figure is an output of the pattern, which is one step's result. */
export function figureSources(
  figures: readonly string[],
  provenance: Pick<Provenance, 'steps' | 'skipped' | 'outputs'>,
): ReadonlyMap<string, readonly string[]> {
  const sources = stepSources(provenance.steps, provenance.skipped);
  const outputs = provenance.outputs ?? {};
  return new Map(
    figures.map((figure) => {
      const step = Object.hasOwn(outputs, figure) ? outputs[figure] : undefined;
      const found = step === undefined ? undefined : sources.get(step);
      return [figure, [...(found ?? [UNKNOWN_SOURCE])].sort()];
    }),
  );
}

/** Each figure of a run's result with its sources; unknown where the run has no provenance. */
export function sourcesOf({ data, provenance }: Run): ReadonlyMap<string, readonly string[]> {
  return figureSources(Object.keys(data ?? {}), provenance ?? { steps: [] });
}
