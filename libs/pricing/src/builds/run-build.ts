import {
  DawsosError,
  isDawsosError,
  isBuildOver,
  isoDate,
  toDawsosError,
  type IsoDate,
} from '@dawsos/contracts';
import { takeAdvisoryLock, type Database } from '@dawsos/database';
import { backoffMs } from '@dawsos/resilience';
import { buildAndStorePack, type StoredPack } from './build-and-store';
import { newestStreamedDate } from './build-pack';
import {
  lastClosedDay,
  type PackInputs,
  type ReadPackInputs,
  type RemoteQuotes,
} from '../sources/pack-inputs';
import { gapsOf } from './gaps';
import { packId } from '../pack/pack-id';
import type { PackStore } from '../store/pack-store';
import { holdings, reconcile } from './reconcile';
import type { BuildAttempt, BuildProgress, PackBuilds } from './pack-builds';

export interface BuildRunnerDependencies {
  readonly database: Pick<Database, 'pool'>;
  readonly builds: PackBuilds;
  readonly store: PackStore;
  /** Reads the ledger, at the commit that a build is pinned to, and the price files as they are now. */
  readonly inputs: ReadPackInputs;
  /** What it builds from: builds of other sources are left to others. Absent: it takes all. */
  readonly sources?: string | undefined;
  /** No pack of a later day is built. */
  readonly today: () => IsoDate;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  /** The gap policy: see `GapReport`. */
  readonly gapDays?: number | undefined;
  /** Says of a pack that is sealed already what the sources have beyond it. */
  readonly compare?: boolean | undefined;
  /** Told which pack it is, once that is known. */
  readonly onPack?: ((packId: string) => void) | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
}

export type BuildOutcome =
  | { readonly kind: 'built'; readonly stored: StoredPack }
  /** It had ended already, or another attempt took it over. */
  | { readonly kind: 'over' }
  /** Another process builds the same pack now. */
  | { readonly kind: 'busy' }
  /** It is to be made from what this builder does not read: other sources, or a commit that is not here (yet). */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'failed'; readonly error: DawsosError; readonly retryInMs: number | undefined };

/** Attempts of one build, those included whose process was killed. */
const MAX_ATTEMPTS = 10;
const GAP_DAYS = 7;
const RETRY = { firstMs: 2_000, longestMs: 300_000, jitter: 'none' } as const;
/** Between two notes of how many rows are written. */
const PROGRESS_MS = 500;

/**
 * Makes an attempt at a build: alone in its pack (a lock in the database), the outcome in the build's row. A process
 * that dies on the way leaves the build open, without any row of the pack, for the next attempt.
 * @throws DawsosError `store_unavailable` when not even the failure could be stored; the build stays open then
 */
export async function runBuild(
  dependencies: BuildRunnerDependencies,
  buildId: string,
  signal?: AbortSignal,
): Promise<BuildOutcome> {
  const { builds, database, today } = dependencies;
  const build = await builds.find(buildId);
  if (build === undefined || isBuildOver(build.state)) return { kind: 'over' };
  const pins = await builds.pinsOf(buildId);
  if (pins === undefined) return { kind: 'over' };
  const { sources } = dependencies;
  if (sources !== undefined && pins.sources !== null && pins.sources !== sources) return { kind: 'foreign' };
  const inputs = once(() => dependencies.inputs(pins.ledgerCommit ?? undefined));
  if (pins.ledgerCommit !== null && (await isUnknownCommit(inputs))) return { kind: 'foreign' };
  let day: IsoDate;
  try {
    day =
      (build.asof_date === null ? undefined : isoDate(build.asof_date)) ?? (await newestDay(inputs, today()));
  } catch (error) {
    const attempt = await builds.start(buildId, null, null);
    return attempt === undefined ? { kind: 'over' } : endAttempt(builds, attempt, error);
  }
  const lock = await takeAdvisoryLock(database, `pack ${build.policy} ${day}`);
  if (lock === undefined) return { kind: 'busy' };
  try {
    const id = packId({ asofDate: day, policy: build.policy, restatement: 0 });
    dependencies.onPack?.(id);
    const attempt = await builds.start(buildId, day, id);
    if (attempt === undefined) return { kind: 'over' };
    const stops = signal === undefined ? lock.lost : AbortSignal.any([lock.lost, signal]);
    return await makeAttempt({ ...dependencies, inputs }, attempt, day, stops);
  } finally {
    await lock.release();
  }
}

async function makeAttempt(
  dependencies: Omit<BuildRunnerDependencies, 'inputs'> & { readonly inputs: () => Promise<PackInputs> },
  attempt: BuildAttempt,
  day: IsoDate,
  signal: AbortSignal,
): Promise<BuildOutcome> {
  const { builds, store, inputs, now, onProgress } = dependencies;
  const tell = async (progress: BuildProgress): Promise<void> => {
    signal.throwIfAborted();
    onProgress?.(progress);
    await builds.progress(attempt, progress);
  };
  const remote = once(async (): Promise<RemoteQuotes> => {
    const ask = (await inputs()).remote;
    return ask === undefined ? { sources: [], fallbacks: [] } : ask(day, signal);
  });
  try {
    if (attempt.attempt > MAX_ATTEMPTS) throw exhausted(attempt);
    const stored = await buildAndStorePack(store, {
      asofDate: day,
      policy: attempt.policy,
      restate: attempt.restateReason === null ? undefined : { reason: attempt.restateReason },
      compare: dependencies.compare,
      sources: async () => [...(await inputs()).sources, ...(await remote()).sources],
      examined: async () => {
        const held = holdings((await inputs()).ledger, day).keys();
        return new Set([...held, ...attempt.wanted.map(({ commodity }) => commodity)]);
      },
      reconcile: async (pack) => {
        await tell({ phase: 'reconciling' });
        return reconcile((await inputs()).ledger, pack);
      },
      report: async (pack) => {
        const { ledger, ledgerCommit } = await inputs();
        const held = holdings(ledger, day).keys();
        const { gapDays = GAP_DAYS } = dependencies;
        return {
          ledger_commit: ledgerCommit,
          built_from: dependencies.sources ?? null,
          gaps: gapsOf(pack, held, attempt.wanted, gapDays),
          provider_fallbacks: [...(await remote()).fallbacks],
        };
      },
      attempt,
      onRows: throttled(now, (rowsDone, rowsTotal) => tell({ phase: 'writing', rowsDone, rowsTotal })),
    });
    if (!stored.created) await builds.succeed(attempt, stored.pack.pack_id, false, stored.sealedWithout);
    return { kind: 'built', stored };
  } catch (error) {
    return endAttempt(builds, attempt, error);
  }
}

async function isUnknownCommit(inputs: () => Promise<PackInputs>): Promise<boolean> {
  return inputs().then(
    () => false,
    (error: unknown) => isDawsosError(error) && error.code === 'ledger_ref_not_found',
  );
}

async function endAttempt(builds: PackBuilds, attempt: BuildAttempt, thrown: unknown): Promise<BuildOutcome> {
  if (isDawsosError(thrown) && thrown.code === 'lock_lost') return { kind: 'over' };
  const error = toDawsosError(thrown);
  const retryInMs =
    error.retryable && attempt.attempt < MAX_ATTEMPTS ? retryDelay(error, attempt) : undefined;
  await builds.fail(
    attempt,
    { code: error.code, message: error.message, detail: error.extensions },
    retryInMs,
  );
  return { kind: 'failed', error, retryInMs };
}

function retryDelay({ retryAfterSeconds = 0 }: DawsosError, { attempt }: BuildAttempt): number {
  return Math.min(RETRY.longestMs, Math.max(backoffMs(RETRY, attempt - 1), retryAfterSeconds * 1000));
}

function exhausted({ attempt }: BuildAttempt): DawsosError {
  return new DawsosError('attempts_exhausted', `the build was attempted ${String(attempt - 1)} times`);
}

async function newestDay(inputs: () => Promise<PackInputs>, today: IsoDate): Promise<IsoDate> {
  const { sources, remote } = await inputs();
  if (sources.some(({ needsNoPrice }) => needsNoPrice)) return today;
  const newest = await newestStreamedDate(sources, today);
  const closed = remote && lastClosedDay(today);
  const day = newest === undefined || (closed !== undefined && closed > newest) ? closed : newest;
  if (day !== undefined) return day;
  throw new DawsosError('pack_unreadable', `no source has a price on or before ${today}; add price files`);
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => (reading ??= read());
}

/** Calls at the first and the last of the rows, and between them not more often than every half second. */
function throttled(
  now: () => number,
  tell: (done: number, total: number) => Promise<void>,
): (done: number, total: number) => Promise<void> {
  let last = -Infinity;
  return async (done, total) => {
    if (done < total && now() - last < PROGRESS_MS) return;
    last = now();
    await tell(done, total);
  };
}
