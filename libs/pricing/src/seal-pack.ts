import { DawsosError, type JsonObject, type PackSummary } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import { sql } from 'kysely';
import { addEvent } from './builds/build-events';
import { lost, succeeded, type BuildAttempt } from './builds/pack-builds';
import type { StreamedPack } from './build-pack';
import { requireTransition } from './lifecycle';
import { writeSeries, writeSources } from './pack-rows';
import { beingBuilt, isLocked, unknownPack } from './pack-store-errors';
import { summaryOf, SUMMARY_COLUMNS } from './pack-summary';

/** The pack that a restatement takes the place of, and why. */
export interface Supersedes {
  readonly packId: string;
  readonly reason: string;
}

export interface SealOptions {
  readonly supersedes?: Supersedes | undefined;
  /** What the report says beside the build's own. */
  readonly report?: JsonObject | undefined;
  /** The attempt that builds it: the seal ends its build in the same transaction, or is refused with it. */
  readonly attempt?: BuildAttempt | undefined;
  /** Told how many rows are written, every few thousand. */
  readonly onRows?: ((written: number) => Promise<void>) | undefined;
}

/** See `PackStore.seal`. The row's lock keeps a second builder of the same pack out. */
export async function sealInOneTransaction(
  db: Database['kysely'],
  built: StreamedPack,
  { supersedes, report, attempt, onRows }: SealOptions,
): Promise<PackSummary> {
  return db.transaction().execute(async (trx) => {
    const held = await trx
      .selectFrom('packs')
      .select(SUMMARY_COLUMNS)
      .where('pack_id', '=', built.id)
      .forUpdate()
      .noWait()
      .executeTakeFirst()
      .catch((error: unknown) => {
        throw isLocked(error) ? beingBuilt(built.id) : error;
      });
    if (held === undefined) throw unknownPack(built.id);
    if (held.content_hash === built.hash) return summaryOf(held);
    if (held.content_hash !== null) {
      const message = `${built.id} is sealed with other content; build a restatement`;
      throw new DawsosError('pack_immutable', message, { extensions: { pack_id: built.id } });
    }
    requireTransition(built.id, held.status, 'fresh');
    await writeSeries(trx, built, onRows);
    await writeSources(trx, built);
    if (supersedes !== undefined) {
      await trx
        .updateTable('packs')
        // the reason and the mark are set once, while the restatement's row is there but not yet fresh
        .set({ superseded_by: built.id, superseded_reason: supersedes.reason })
        .where('pack_id', '=', supersedes.packId)
        .execute();
    }
    const sealed = await trx
      .updateTable('packs')
      .set({
        status: 'fresh',
        content_hash: built.hash,
        built_at: sql<Date>`now()`,
        price_count: built.priceCount,
        rate_count: built.rateCount,
        sources: [...built.sources],
        report: JSON.stringify({ ...built.report, ...report }),
      })
      .where('pack_id', '=', built.id)
      .returning(SUMMARY_COLUMNS)
      .executeTakeFirstOrThrow();
    if (attempt !== undefined) await endBuild(trx, attempt, built.id);
    return summaryOf(sealed);
  });
}

async function endBuild(trx: Database['kysely'], attempt: BuildAttempt, packId: string): Promise<void> {
  const { rows } = await sql<{ last_event: number }>`
    update pack_builds set ${succeeded(packId, true)}, updated_at = now(), last_event = last_event + 1
    where build_id = ${attempt.buildId} and attempts = ${attempt.attempt} and state = 'running'
    returning last_event`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw lost(attempt.buildId, attempt.attempt);
  const data = { state: 'succeeded', pack_id: packId, created: true };
  await addEvent(trx, attempt.buildId, row.last_event, 'build.finished', data);
}
