import {
  isDawsosError,
  toDawsosError,
  type IsoDate,
  type JsonObject,
  type PackSummary,
} from '@dawsos/contracts';
import type { BuildAttempt } from './pack-builds';
import type { SourceStream } from '../sources/merge-quotes';
import { DEFAULT_POLICY, parsePackId, type PackKey } from '../pack/pack-id';
import { createPricingPack } from '../pack/price-lookup';
import type { PackStore } from '../store/pack-store';
import type { PricingPack } from '../pack/pricing-pack';
import type { Supersedes } from '../store/seal-pack';
import { endBuild } from './end-build';
import { streamPack, type SpooledPack } from './stream-pack';
import { requireReconciled, type Reconciliation } from './reconcile';

export interface BuildAndStoreRequest {
  readonly asofDate: IsoDate;
  readonly policy?: string | undefined;
  /** Builds again where a pack is sealed; with other content than before, the new one supersedes it. */
  readonly restate?: { readonly reason: string } | undefined;
  readonly sources: () => Promise<readonly SourceStream[]>;
  /**
   * The commodities that `reconcile` and `report` look at, asked after `sources`: the others are not kept in memory.
   * All of them when absent.
   */
  readonly examined?: (() => Promise<ReadonlySet<string>>) | undefined;
  /** Compares the pack with the ledger's own valuation before it is sealed; asked after `sources`. */
  readonly reconcile?: ((pack: PricingPack) => Reconciliation | Promise<Reconciliation>) | undefined;
  /** What the pack's report says beside the build's own; asked once the pack is reconciled. */
  readonly report?: ((pack: PricingPack) => Promise<JsonObject>) | undefined;
  /** Compares a pack that is sealed already with what the sources have now; it stays as it is. */
  readonly compare?: boolean | undefined;
  /** The attempt that this is: the seal ends its build. */
  readonly attempt?: BuildAttempt | undefined;
  /** Told how many rows are written, and of how many. */
  readonly onRows?: ((done: number, total: number) => Promise<void>) | undefined;
}

export interface StoredPack {
  readonly pack: PackSummary;
  /** False when it was there already with the same content. */
  readonly created: boolean;
  /** Prices and rates that the sources have now beyond those sealed; absent where nothing differs, or was compared. */
  readonly sealedWithout?: number;
}

/**
 * Builds the pack of a day and stores it, fresh. A pack that is sealed already is given as it is; a build that
 * fails leaves the pack in `error` with what was wrong.
 * @throws DawsosError `pack_unreadable`, `pack_not_reconciled` and what else `buildPack` and `PackStore.seal` throw
 */
export async function buildAndStorePack(
  store: PackStore,
  request: BuildAndStoreRequest,
): Promise<StoredPack> {
  const { asofDate, policy = DEFAULT_POLICY, restate } = request;
  const last = await store.lastRestatement({ asofDate, policy });
  if (last === undefined) return buildFirst(store, request, { asofDate, policy, restatement: 0 });
  if (restate === undefined) return { pack: last, created: false, ...(await differenceTo(last, request)) };
  return buildRestatement(store, request, last, restate.reason);
}

/** Sources that cannot be read now say nothing of a pack that is sealed. */
async function differenceTo(
  last: PackSummary,
  request: BuildAndStoreRequest,
): Promise<Pick<StoredPack, 'sealedWithout'>> {
  if (request.compare !== true || last.content_hash === null) return {};
  try {
    return await withPack(parsePackId(last.pack_id), request, async ({ hash, priceCount, rateCount }) => {
      if (hash === last.content_hash) return {};
      return { sealedWithout: priceCount + rateCount - last.price_count - last.rate_count };
    });
  } catch (error) {
    if (isDawsosError(error)) return {};
    throw error;
  }
}

async function buildFirst(
  store: PackStore,
  request: BuildAndStoreRequest,
  key: PackKey,
): Promise<StoredPack> {
  const begun = await store.beginBuild(key);
  if (begun.content_hash !== null) return { pack: begun, created: false };
  try {
    return await withPack(key, request, async (built) => ({
      pack: await seal(store, built, request),
      created: true,
    }));
  } catch (error) {
    await recordFailure(store, begun.pack_id, error);
    throw error;
  }
}

/** The pack, on disk where it is large, for as long as `use` takes. */
async function withPack<T>(
  key: PackKey,
  { sources, examined }: BuildAndStoreRequest,
  use: (built: SpooledPack) => Promise<T>,
): Promise<T> {
  const streams = await sources();
  const names = await examined?.();
  const built = await streamPack(key, streams, (commodity) => names?.has(commodity) ?? true);
  try {
    return await use(built);
  } finally {
    await built.dispose();
  }
}

async function buildRestatement(
  store: PackStore,
  request: BuildAndStoreRequest,
  last: PackSummary,
  reason: string,
): Promise<StoredPack> {
  const lastKey = parsePackId(last.pack_id);
  const key: PackKey = { ...lastKey, restatement: lastKey.restatement + 1 };
  // built before anything is written: without a difference there is nothing to restate
  return withPack(key, request, async (built) => {
    if (built.hash === last.content_hash) return { pack: last, created: false };
    await store.beginBuild(key);
    try {
      const supersedes = { packId: last.pack_id, reason };
      return { pack: await seal(store, built, request, supersedes), created: true };
    } catch (error) {
      await recordFailure(store, built.id, error);
      throw error;
    }
  });
}

async function seal(
  store: PackStore,
  built: SpooledPack,
  request: BuildAndStoreRequest,
  supersedes?: Supersedes,
): Promise<PackSummary> {
  const total = built.priceCount + built.rateCount;
  const { attempt, onRows } = request;
  return store.seal(built, {
    supersedes,
    report: await examine(built, request),
    onSealed: attempt && ((trx) => endBuild(trx, attempt, built.id)),
    onRows: onRows && ((done) => onRows(done, total)),
  });
}

/** What goes into the pack's report. @throws DawsosError `pack_not_reconciled` */
async function examine(built: SpooledPack, { reconcile, report }: BuildAndStoreRequest): Promise<JsonObject> {
  const { id, hash, kept, key } = built;
  const pack = createPricingPack({ id, hash, series: kept, asofDate: key.asofDate });
  const result = await reconcile?.(pack);
  if (result !== undefined) requireReconciled(id, result);
  return { ...(result === undefined ? {} : { reconciliation: result }), ...(await report?.(pack)) };
}

/** A fault that a later try may mend leaves the pack warming, for that try. */
async function recordFailure(store: PackStore, id: string, error: unknown): Promise<void> {
  const failure = toDawsosError(error);
  if (failure.retryable) return;
  await store.failBuild(id, { code: failure.code, message: failure.message, detail: failure.extensions });
}
