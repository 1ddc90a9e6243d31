import { type AgentRuntime, joinProvenance, type World } from '@dawsos/agents';
import { DawsosError, mayReadRun, type Provenance, type RunReader, sha256Hex } from '@dawsos/contracts';
import type { LedgerSnapshot } from '@dawsos/ledger';
import type { DataSources } from '@dawsos/market-data';
import type { MetricsRegistry } from '@dawsos/observability';
import { type PatternCatalog, type PatternPlan, runPattern, type StepProgress } from '@dawsos/patterns';
import type { PricingPack } from '@dawsos/pricing';
import type { Outcome, StartedRun } from '@dawsos/runs';

export interface ComputeDependencies {
  readonly patterns: PatternCatalog;
  readonly runtime: Pick<AgentRuntime, 'bind'>;
  readonly metrics: Pick<MetricsRegistry, 'timeStep'>;
  readonly stepConcurrency: number;
  /** A principal as each of its keys in force has it; it may have lost a portfolio since the run was accepted. */
  readonly readersOf: (principalId: string) => readonly RunReader[];
  /** Both are immutable, so they are cached by id and commit. */
  readonly loadPack: (id: string) => Promise<PricingPack>;
  readonly loadLedger: (commit: string) => Promise<LedgerSnapshot>;
  /** Series, statements and news: pinned by nothing, so each read is in the result's record with its hash. */
  readonly sources?: DataSources;
}

export interface ComputeOptions {
  readonly signal: AbortSignal;
  readonly onStep: (progress: StepProgress) => void;
}

/**
 * A run's result from its pins: the effects are the loading of pack and ledger and the progress of steps.
 * @throws DawsosError `pattern_changed`, `portfolio_forbidden`, and what loading and the steps throw.
 */
export async function computeRun(
  run: StartedRun,
  dependencies: ComputeDependencies,
  { signal, onStep }: ComputeOptions,
): Promise<Extract<Outcome, { status: 'succeeded' }>> {
  const plan = requirePlan(dependencies.patterns, run);
  requireReader(run, dependencies.readersOf(run.principalId));
  const world = await loadWorld(run, dependencies);
  signal.throwIfAborted();
  const { data, dataJson, records, skipped, outputs } = await runPattern(plan, {
    inputs: run.inputs,
    ctx: {
      pricing_pack_id: run.pricingPackId,
      ledger_commit_hash: run.ledgerCommitHash,
      portfolio_id: run.portfolioId,
      asof_date: run.asofDate,
    },
    invoke: dependencies.runtime.bind(world),
    metrics: dependencies.metrics,
    signal,
    maxParallel: dependencies.stepConcurrency,
    onStep,
  });
  const { id, version } = plan.definition;
  const provenance: Provenance = joinProvenance({
    pattern: { id, version },
    world,
    records,
    skipped,
    outputs,
  });
  return { status: 'succeeded', data, dataJson, dataHash: sha256Hex(dataJson), provenance };
}

/** The plan that the run was accepted with: results of another version would be another answer. */
function requirePlan(patterns: PatternCatalog, { patternId, patternVersion }: StartedRun): PatternPlan {
  const plan = patterns.get(patternId);
  if (plan?.definition.version === patternVersion) return plan;
  const now = plan === undefined ? 'is no longer there' : `is now at version ${plan.definition.version}`;
  throw new DawsosError(
    'pattern_changed',
    `the run was accepted with ${patternId} ${patternVersion}; the pattern ${now}`,
    { extensions: { pattern_id: patternId, pattern_version: patternVersion } },
  );
}

/** Asked again at the start of each attempt, of what was so at acceptance and of what is so now. */
function requireReader(run: StartedRun, now: readonly RunReader[]): void {
  const then: RunReader = { id: run.principalId, portfolios: run.portfolios };
  if (mayReadRun(then, run) && now.some((reader) => mayReadRun(reader, run))) return;
  throw new DawsosError('portfolio_forbidden', 'the principal of this run may not see its portfolio');
}

async function loadWorld(
  run: StartedRun,
  { loadPack, loadLedger, sources }: ComputeDependencies,
): Promise<World> {
  const [pack, ledger] = await Promise.all([loadPack(run.pricingPackId), loadLedger(run.ledgerCommitHash)]);
  if (pack.hash !== run.packHash) {
    throw new DawsosError(
      'internal_error',
      `the pack ${pack.id} is not the one that the run was accepted with: its content hash differs`,
    );
  }
  return {
    pack,
    ledger,
    portfolioId: run.portfolioId,
    asofDate: run.asofDate,
    ...(sources === undefined ? {} : { sources }),
  };
}
