import { DawsosError, isDawsosError, isoDate, type PackSummary } from '@dawsos/contracts';
import { repairOrder, requireStillFresh, type FreshnessGate, type GateAnswer } from '@dawsos/pricing';
import { LRUCache } from '@dawsos/resilience';
import type { PackAwaited, StartedRun } from '@dawsos/runs';

export interface RecheckDependencies {
  readonly store: { find(id: string): Promise<PackSummary | undefined> };
  readonly gate: Pick<FreshnessGate, 'ask'>;
  readonly now: () => Date;
}

/**
 * Asks the gate again of a run that is about to be computed: its pack may have been superseded or have grown too old
 * since the run was accepted. Resolves with the pack that the run is to wait for, or with nothing when it may go on.
 * @throws DawsosError `pack_not_fresh`, for good: the run's pins do not change without its terms saying so
 */
export type RecheckFreshness = (run: StartedRun) => Promise<PackAwaited | undefined>;

/** What was found of a pack holds for this long: a run that starts within it has seen no later state. */
const KNOWN_FOR_MS = 1_000;
const PACKS_KNOWN = 64;

export function createRecheckFreshness({ store, gate, now }: RecheckDependencies): RecheckFreshness {
  const packs = new LRUCache<string, PackSummary>({
    max: PACKS_KNOWN,
    ttl: KNOWN_FOR_MS,
    fetchMethod: (id) => store.find(id),
  });
  return async (run) => {
    if (run.gate === null) return undefined;
    const { terms, validUntil } = run.gate;
    const passed = { packId: run.pricingPackId, validUntil, allowStale: terms.allow_stale };
    try {
      await requireStillFresh({ find: (id) => packs.fetch(id) }, passed, now());
      return undefined;
    } catch (error) {
      if (!isDawsosError(error) || error.code !== 'pack_not_fresh') throw error;
      const answer = await gate.ask({
        terms,
        ledgerCommitHash: run.ledgerCommitHash,
        portfolioId: run.portfolioId,
      });
      const awaiting = awaitedOf(run, answer);
      if (awaiting !== undefined) return awaiting;
      throw new DawsosError('pack_not_fresh', error.message, {
        retryable: false,
        extensions: { ...(answer.passes ? {} : answer.error.extensions), ...error.extensions },
      });
    }
  };
}

/** A run whose terms say so waits, within its deadline, for what the gate would pass: that may be there already. */
function awaitedOf({ gate, createdAt }: StartedRun, answer: GateAnswer): PackAwaited | undefined {
  const seconds = gate?.terms.wait_seconds ?? null;
  const repair = answer.passes ? buildOf(answer.pack) : answer.repair;
  if (seconds === null || repair === undefined) return undefined;
  const until = new Date(createdAt.getTime() + seconds * 1000);
  // the deadline is the database's clock's, as createdAt is
  return until.getTime() > Date.now() ? { packId: repair.pack_id, until, repair } : undefined;
}

function buildOf(pack: PackSummary) {
  const order = { policy: pack.policy, day: isoDate(pack.asof_date), there: undefined, needed: [] };
  return { ...repairOrder(order), pack_id: pack.pack_id };
}
