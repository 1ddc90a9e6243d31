import { DawsosError, type PackSummary, type Run } from '@dawsos/contracts';

/** What a run was let pass with: the columns of its row. */
export interface PassedFreshness {
  readonly packId: string;
  readonly validUntil: Date | null;
  /** The terms allowed a stale pack. */
  readonly allowStale: boolean;
}

/**
 * The gate, asked again of a run that passed: when a worker takes its job, and at export. It costs one look-up, since
 * `validUntil` is the very moment at which the whole question would be refused.
 * @throws DawsosError `pack_not_fresh` when the pack was superseded or marked stale meanwhile, or has grown too old
 */
export async function requireStillFresh(
  store: { find(id: string): Promise<PackSummary | undefined> },
  passed: PassedFreshness,
  now: Date,
): Promise<void> {
  const pack = await store.find(passed.packId);
  const reason = reasonAgainst(pack, passed, now);
  if (reason === undefined) return;
  const by = pack?.superseded_by ?? null;
  throw new DawsosError('pack_not_fresh', `${passed.packId} is stale: ${reason}; submit the run again`, {
    retryAfterSeconds: 60,
    extensions: {
      pack_id: passed.packId,
      pack_status: 'stale',
      ...(by === null ? {} : { superseded_by: by }),
      ...(passed.validUntil === null ? {} : { valid_until: passed.validUntil.toISOString() }),
    },
  });
}

/** As `requireStillFresh`, of a run's result that is about to leave. */
export async function requireFreshResult(
  store: { find(id: string): Promise<PackSummary | undefined> },
  run: Pick<Run, 'pricing_pack_id' | 'pack_status' | 'valid_until' | 'freshness'>,
  now: Date,
): Promise<void> {
  const passed: PassedFreshness = {
    packId: run.pricing_pack_id,
    validUntil: run.valid_until === null ? null : new Date(run.valid_until),
    allowStale: run.freshness?.allow_stale ?? run.pack_status === 'stale',
  };
  await requireStillFresh(store, passed, now);
}

function reasonAgainst(
  pack: PackSummary | undefined,
  { validUntil, allowStale }: PassedFreshness,
  now: Date,
): string | undefined {
  if (pack === undefined) return 'it is no longer there';
  if (!allowStale && pack.superseded_by !== null) return `it is superseded by ${pack.superseded_by}`;
  if (!allowStale && pack.status !== 'fresh') return 'it was marked stale';
  if (validUntil === null || now < validUntil) return undefined;
  return `its prices are too old since ${validUntil.toISOString()}`;
}
