import type { IsoDate, Provenance, SkippedStep, StepRecord } from '@dawsos/contracts';
import { askedDay } from './reads/question';
import type { World } from './reads/recording';

export interface ProvenanceOptions {
  readonly pattern: { readonly id: string; readonly version: string };
  readonly world: World;
  readonly records: readonly StepRecord[];
  readonly skipped?: readonly SkippedStep[];
  readonly outputs?: Readonly<Record<string, string>>;
}

/** A run's pins and the join of its steps' records: what the result rests on. */
export function joinProvenance({
  pattern,
  world,
  records,
  skipped = [],
  outputs = {},
}: ProvenanceOptions): Provenance {
  const { pack, ledger, asofDate } = world;
  return {
    pattern_id: pattern.id,
    pattern_version: pattern.version,
    pricing_pack_id: pack.id,
    pricing_pack_hash: pack.hash,
    ledger_commit_hash: ledger.commit,
    asof_date: asofDate,
    sources: [...new Set(records.flatMap(({ reads }) => reads.flatMap(({ sources }) => sources)))].sort(),
    oldest_value_date: oldestValueDate(records, pack.asofDate < asofDate ? pack.asofDate : asofDate),
    ledger_plugins_not_run: [...ledger.ledger.pluginsNotRun],
    steps: [...records].sort((a, b) => a.step_index - b.step_index),
    skipped: [...skipped],
    outputs: { ...outputs },
  };
}

/** The oldest value that stands for the as-of day; what was read of earlier days is meant to be old. */
function oldestValueDate(records: readonly StepRecord[], asofDate: IsoDate): string | null {
  const dates = records.flatMap(({ reads }) =>
    reads.flatMap(({ key, value_date }) => {
      const day = askedDay(key);
      return value_date === null || day === undefined || day < asofDate ? [] : [value_date];
    }),
  );
  return dates.sort()[0] ?? null;
}
