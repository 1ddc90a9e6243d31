import { DawsosError, type JsonObject, type PackSummary } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import { sql } from 'kysely';
import type { StreamedPack } from '../pack/pack-digest';
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
  /** Runs in the seal's transaction once the pack is fresh: what it throws undoes the seal. */
  readonly onSealed?: ((trx: Database['kysely']) => Promise<void>) | undefined;
  /** Told how many rows are written, every few thousand. */
  readonly onRows?: ((written: number) => Promise<void>) | undefined;
}

/** See `PackStore.seal`. The row's lock keeps a second builder of the same pack out. */
export async function sealInOneTransaction(
  db: Database['kysely'],
  built: StreamedPack,
  { supersedes, report, onSealed, onRows }: SealOptions,
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
    await onSealed?.(trx);
    return summaryOf(sealed);
  });
}
