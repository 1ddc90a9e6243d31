import {
  DawsosError,
  isoDate,
  type IsoDate,
  type JsonObject,
  type PackStatus,
  type PackSummary,
  type Sha256Hex,
} from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';
import { sql } from 'kysely';
import type { SourceReport, StreamedPack } from '../pack/pack-digest';
import { requireTransition } from './lifecycle';
import { createPricingPack } from '../pack/price-lookup';
import { packId, type PackKey } from '../pack/pack-id';
import { asPackError, notBuilt, unknownPack } from './pack-store-errors';
import { sealInOneTransaction, type SealOptions } from './seal-pack';
import { readSeries, readSources, verifySeries } from './pack-rows';
import { summaryOf, SUMMARY_COLUMNS } from './pack-summary';
import type { PricingPack } from '../pack/pricing-pack';

export interface NewestQuery {
  /** Any of these; every status when absent. */
  readonly status?: PackStatus | readonly PackStatus[];
  readonly policy?: string;
}

export interface PackListQuery {
  readonly policy?: string;
  readonly status?: PackStatus;
  /** The last pack of the page before. */
  readonly after?: { readonly asofDate: IsoDate; readonly packId: string } | null;
  readonly limit: number;
}

export interface PackPage {
  /** Newest first. */
  readonly packs: readonly PackSummary[];
  readonly next: { readonly asofDate: IsoDate; readonly packId: string } | null;
}

export interface BuildFailure {
  readonly code: string;
  readonly message: string;
  readonly detail?: JsonObject;
}

/** Pricing packs in PostgreSQL. All methods throw DawsosError `store_unavailable` when it is not there. */
export interface PackStore {
  find(id: string): Promise<PackSummary | undefined>;
  /** The newest pack on or before `date` that nothing supersedes; never a later one. */
  newestOnOrBefore(date: IsoDate, query?: NewestQuery): Promise<PackSummary | undefined>;
  /** The newest of all, as `newestOnOrBefore` without a day. */
  newest(query?: NewestQuery): Promise<PackSummary | undefined>;
  /** The restatement of a day and policy that was built last, superseded or not. */
  lastRestatement(key: Omit<PackKey, 'restatement'>): Promise<PackSummary | undefined>;
  list(query: PackListQuery): Promise<PackPage>;
  /**
   * A sealed pack into memory, its content checked against its hash.
   * @throws DawsosError `pack_not_found`; `pack_not_fresh` while it is not built; `internal_error` when the rows
   * are not those that were sealed
   */
  load(id: string): Promise<PricingPack>;
  /** What the build reported; undefined before. */
  report(id: string): Promise<unknown>;
  /** What a sealed pack has of each source, by its name. */
  sources(id: string): Promise<readonly SourceReport[]>;
  /** What a failed build said. */
  failure(id: string): Promise<unknown>;
  /** Makes the pack `warming`, unless it is sealed: then it is given as it is. */
  beginBuild(key: PackKey): Promise<PackSummary>;
  /**
   * Stores the rows and seals the pack as fresh in one transaction: before its commit nobody sees any of it, and
   * a process that dies in between leaves a warming pack without rows. Sealing the same content again changes
   * nothing.
   * @throws DawsosError `pack_immutable` when it is sealed with other content; `pack_transition_refused` when it
   * is not warming; `pack_not_fresh` when another builder is at it; `lock_lost` when another attempt has the build
   */
  seal(built: StreamedPack, options?: SealOptions): Promise<PackSummary>;
  /** warming → error. */
  failBuild(id: string, failure: BuildFailure): Promise<PackSummary>;
  /** fresh → stale. */
  markStale(id: string): Promise<PackSummary>;
}

export function createPackStore(database: Pick<Database, 'kysely'>): PackStore {
  const db = database.kysely;

  function guarded<T>(work: () => Promise<T>): Promise<T> {
    return withStore(async () => {
      try {
        return await work();
      } catch (error) {
        throw asPackError(error);
      }
    });
  }

  const find = (id: string): Promise<PackSummary | undefined> =>
    guarded(async () => {
      const row = await db
        .selectFrom('packs')
        .select(SUMMARY_COLUMNS)
        .where('pack_id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : summaryOf(row);
    });

  async function require(id: string): Promise<PackSummary> {
    const pack = await find(id);
    if (pack === undefined) throw unknownPack(id);
    return pack;
  }

  async function newest(query: NewestQuery = {}, date?: IsoDate): Promise<PackSummary | undefined> {
    return guarded(async () => {
      let select = db.selectFrom('packs').select(SUMMARY_COLUMNS).where('superseded_by', 'is', null);
      if (date !== undefined) select = select.where('asof_date', '<=', date);
      if (query.policy !== undefined) select = select.where('policy', '=', query.policy);
      if (query.status !== undefined) select = select.where('status', 'in', [query.status].flat());
      const row = await select
        .orderBy('asof_date', 'desc')
        .orderBy('restatement', 'desc')
        .orderBy('pack_id')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? undefined : summaryOf(row);
    });
  }

  /** One step of the life cycle, by compare and set. */
  async function move(
    id: string,
    to: PackStatus,
    from: readonly PackStatus[],
    also: { error_code: string | null; error_detail: string | null },
  ): Promise<PackSummary> {
    const row = await guarded(() =>
      db
        .updateTable('packs')
        .set({ status: to, ...also })
        .where('pack_id', '=', id)
        .where('status', 'in', [...from])
        .returning(SUMMARY_COLUMNS)
        .executeTakeFirst(),
    );
    if (row !== undefined) return summaryOf(row);
    const pack = await require(id);
    requireTransition(id, pack.status, to);
    throw new DawsosError('store_unavailable', `${id} changed in between; try again`, {
      retryAfterSeconds: 1,
    });
  }

  return {
    find,
    newestOnOrBefore: (date, query) => newest(query, date),
    newest: (query) => newest(query),
    lastRestatement: (key) =>
      guarded(async () => {
        const row = await db
          .selectFrom('packs')
          .select(SUMMARY_COLUMNS)
          .where('asof_date', '=', key.asofDate)
          .where('policy', '=', key.policy)
          .where('built_at', 'is not', null)
          .orderBy('restatement', 'desc')
          .limit(1)
          .executeTakeFirst();
        return row === undefined ? undefined : summaryOf(row);
      }),
    list: (query) =>
      guarded(async () => {
        let select = db.selectFrom('packs').select(SUMMARY_COLUMNS);
        if (query.policy !== undefined) select = select.where('policy', '=', query.policy);
        if (query.status !== undefined) select = select.where('status', '=', query.status);
        if (query.after != null) {
          const { asofDate, packId: lastId } = query.after;
          select = select.where(sql<boolean>`(asof_date, pack_id) < (${asofDate}::date, ${lastId})`);
        }
        const rows = await select
          .orderBy('asof_date', 'desc')
          .orderBy('pack_id', 'desc')
          .limit(query.limit + 1)
          .execute();
        const packs = rows.slice(0, query.limit).map(summaryOf);
        const last = packs.at(-1);
        const more = rows.length > query.limit && last !== undefined;
        return { packs, next: more ? { asofDate: isoDate(last.asof_date), packId: last.pack_id } : null };
      }),
    load: async (id) => {
      const pack = await require(id);
      if (pack.content_hash === null) throw notBuilt(pack);
      const series = await guarded(() => readSeries(db, id));
      const asofDate = isoDate(pack.asof_date);
      verifySeries({ ...pack, content_hash: pack.content_hash }, series);
      return createPricingPack({ id, hash: pack.content_hash as Sha256Hex, asofDate, series });
    },
    report: async (id) => {
      const row = await guarded(() =>
        db.selectFrom('packs').select('report').where('pack_id', '=', id).executeTakeFirst(),
      );
      return row?.report ?? undefined;
    },
    sources: (id) => guarded(() => readSources(db, id)),
    failure: async (id) => {
      const row = await guarded(() =>
        db.selectFrom('packs').select('error_detail').where('pack_id', '=', id).executeTakeFirst(),
      );
      return row?.error_detail ?? undefined;
    },
    beginBuild: async (key) => {
      const id = packId(key);
      await guarded(() =>
        db
          .insertInto('packs')
          .values({
            pack_id: id,
            asof_date: key.asofDate,
            policy: key.policy,
            restatement: key.restatement,
            status: 'warming',
          })
          .onConflict((conflict) =>
            conflict
              .column('pack_id')
              .doUpdateSet({ status: 'warming', error_code: null, error_detail: null })
              .where('packs.status', '=', 'error'),
          )
          .execute(),
      );
      return require(id);
    },
    seal: (built, options = {}) => guarded(() => sealInOneTransaction(db, built, options)),
    failBuild: (id, failure) =>
      move(id, 'error', ['warming'], {
        error_code: failure.code,
        error_detail: JSON.stringify({ message: failure.message, ...failure.detail }),
      }),
    markStale: (id) => move(id, 'stale', ['fresh'], { error_code: null, error_detail: null }),
  };
}
