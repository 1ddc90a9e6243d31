import {
  DawsosError,
  type DawsosErrorOptions,
  type IsoDate,
  type JsonObject,
  type PackBuild,
  type PackBuildEvent,
  type PackBuildPhase,
  type PackJob,
  type WantedQuote,
} from '@dawsos/contracts';
import { createKeyedHash, withStore, type Database } from '@dawsos/database';
import { sql, type RawBuilder } from 'kysely';
import type { BuildPins } from './build-pins';
import { BUILD_COLUMNS, buildOf, wantedOf, type BuildRow } from './build-row';
import { addEvent, readEvents } from './build-events';
import { insertOrJoin, type NewBuild, type RequestedBuild } from './request-build';

/** A build's job, as the queue takes it. */
export interface BuildJob {
  readonly data: PackJob;
  readonly traceparent: string | null;
}

/** An attempt at a build: what it is to bring, and the number that its writes are fenced with. */
export interface BuildAttempt {
  readonly buildId: string;
  readonly attempt: number;
  readonly asofDate: IsoDate | null;
  readonly policy: string;
  readonly restateReason: string | null;
  readonly wanted: readonly WantedQuote[];
  readonly pins: BuildPins;
}

export interface BuildProgress {
  readonly phase: PackBuildPhase;
  readonly rowsDone?: number;
  readonly rowsTotal?: number | null;
}

/**
 * Pack builds in PostgreSQL: who asked for what, how far it is, and how it ended. All methods throw DawsosError
 * `store_unavailable` when the database is not there.
 */
export interface PackBuilds {
  /**
   * Stores a build that is asked for and adds its job. An open build that brings the same is joined, what is wanted
   * added to it. Once this resolves the build is durable: where the queue is away, the sweeper adds the job later.
   * @throws DawsosError `idempotency_key_reused`
   */
  request(build: NewBuild): Promise<RequestedBuild>;
  find(buildId: string): Promise<PackBuild | undefined>;
  /** The build that was asked for last, at or after `since`. */
  newest(since: Date): Promise<PackBuild | undefined>;
  /** What an open build is to be made from; undefined when it is over. */
  pinsOf(buildId: string): Promise<BuildPins | undefined>;
  /** The events after `after`; undefined when there is no such build. */
  events(buildId: string, after: number): Promise<readonly PackBuildEvent[] | undefined>;
  /** Begins an attempt; undefined when the build is over. */
  start(buildId: string, asofDate: IsoDate | null, packId: string | null): Promise<BuildAttempt | undefined>;
  /** @throws DawsosError `lock_lost` when another attempt has the build */
  progress(attempt: BuildAttempt, progress: BuildProgress): Promise<void>;
  /** @throws DawsosError `lock_lost` */
  succeed(attempt: BuildAttempt, packId: string, created: boolean, sealedWithout?: number): Promise<void>;
  /** The end, or with `retryInMs` another attempt after that time. @throws DawsosError `lock_lost` */
  fail(attempt: BuildAttempt, error: BuildError, retryInMs?: number): Promise<void>;
  /**
   * Jobs of open builds whose time has come; each is given once in `recheckMs`. With `sources`, of those alone that
   * are to be made from these, or from whichever.
   */
  due(recheckMs: number, sources?: string): Promise<readonly BuildJob[]>;
}

export interface BuildError {
  readonly code: string;
  readonly message: string;
  readonly detail: NonNullable<DawsosErrorOptions['extensions']>;
}

export interface PackBuildsOptions {
  readonly database: Pick<Database, 'kysely' | 'pool'>;
  /** Absent: the builder's sweeper adds the job, within a second. */
  readonly enqueue?: ((jobs: readonly BuildJob[]) => Promise<void>) | undefined;
  readonly onEnqueueFailed?: ((error: unknown) => void) | undefined;
  /** The pins of a request that brings none. */
  readonly pins?: (() => Promise<BuildPins>) | undefined;
}

const MAX_DUE = 100;

export function createPackBuilds(options: PackBuildsOptions): PackBuilds {
  const db = options.database.kysely;
  const hash = createKeyedHash(options.database);

  const find = (buildId: string): Promise<PackBuild | undefined> =>
    withStore(async () => {
      const row = await db
        .selectFrom('pack_builds')
        .select(BUILD_COLUMNS)
        .where('build_id', '=', buildId)
        .executeTakeFirst();
      return row === undefined ? undefined : buildOf(row);
    });

  async function enqueue(jobs: readonly BuildJob[]): Promise<void> {
    try {
      await options.enqueue?.(jobs);
    } catch (error) {
      options.onEnqueueFailed?.(error);
    }
  }

  /** Writes to the row only as the attempt that holds it, with an event. */
  async function write(
    { buildId, attempt }: BuildAttempt,
    set: RawBuilder<unknown>,
    type: PackBuildEvent['type'],
    data: JsonObject,
  ): Promise<void> {
    await withStore(() =>
      db.transaction().execute(async (trx) => {
        const { rows } = await sql<{ last_event: number }>`
          update pack_builds set ${set}, updated_at = now(), last_event = last_event + 1
          where build_id = ${buildId} and attempts = ${attempt} and state = 'running'
          returning last_event`.execute(trx);
        const [row] = rows;
        if (row === undefined) throw lost(buildId, attempt);
        await addEvent(trx, buildId, row.last_event, type, data);
      }),
    );
  }

  return {
    find,
    request: async (asked) => {
      const pins = asked.pins ?? (await options.pins?.());
      const { requestedBy, idempotencyKey: key } = asked;
      const requested = await withStore(async () => {
        const idempotencyKey = key == null ? null : await hash(requestedBy, key);
        return db.transaction().execute((trx) => insertOrJoin(trx, { ...asked, pins, idempotencyKey }));
      });
      if (requested.outcome === 'created') await enqueue([jobOf(requested.row)]);
      return { build: buildOf(requested.row), outcome: requested.outcome };
    },
    events: (buildId, after) => withStore(() => readEvents(db, buildId, after)),
    start: (buildId, asofDate, packId) =>
      withStore(() =>
        db.transaction().execute(async (trx) => {
          const row = await trx
            .updateTable('pack_builds')
            .set({
              state: 'running',
              attempts: sql`attempts + 1`,
              pack_id: packId,
              phase: 'reading',
              rows_done: 0,
              rows_total: null,
              started_at: sql<Date>`coalesce(started_at, now())`,
              updated_at: sql<Date>`now()`,
              last_event: sql`last_event + 1`,
            })
            .where('build_id', '=', buildId)
            .where('state', 'in', ['queued', 'running'])
            .returning([...BUILD_COLUMNS, 'last_event'])
            .executeTakeFirst();
          if (row === undefined) return undefined;
          const data = { attempt: row.attempts, pack_id: packId };
          await addEvent(trx, buildId, row.last_event, 'build.started', data);
          return attemptOf(row, asofDate);
        }),
      ),
    progress: (attempt, { phase, rowsDone = 0, rowsTotal = null }) =>
      write(
        attempt,
        sql`phase = ${phase}, rows_done = ${rowsDone}, rows_total = ${rowsTotal}`,
        'build.progress',
        { phase, rows_done: rowsDone, rows_total: rowsTotal },
      ),
    succeed: (attempt, packId, created, sealedWithout) =>
      write(attempt, succeeded(packId, created), 'build.finished', {
        state: 'succeeded',
        pack_id: packId,
        created,
        ...(sealedWithout === undefined ? {} : { sealed_without: sealedWithout }),
      }),
    fail: (attempt, { code, message, detail }, retryInMs) => {
      const error = JSON.stringify({ message, ...detail });
      return retryInMs === undefined
        ? write(
            attempt,
            sql`state = 'failed', finished_at = now(), error_code = ${code}, error_detail = ${error}::jsonb`,
            'build.finished',
            { state: 'failed', error_code: code },
          )
        : write(
            attempt,
            sql`state = 'queued', error_code = ${code}, error_detail = ${error}::jsonb,
              next_check = now() + ${retryInMs} * interval '1 millisecond'`,
            'build.retried',
            { attempt: attempt.attempt, error_code: code, retry_in_ms: retryInMs },
          );
    },
    newest: (since) =>
      withStore(async () => {
        const row = await db
          .selectFrom('pack_builds')
          .select(BUILD_COLUMNS)
          .where('created_at', '>=', since)
          .orderBy('created_at', 'desc')
          .limit(1)
          .executeTakeFirst();
        return row === undefined ? undefined : buildOf(row);
      }),
    pinsOf: (buildId) =>
      withStore(async () => {
        const row = await db
          .selectFrom('pack_builds')
          .select(['ledger_commit_hash', 'sources'])
          .where('build_id', '=', buildId)
          .where('state', 'in', ['queued', 'running'])
          .executeTakeFirst();
        return row && { ledgerCommit: row.ledger_commit_hash, sources: row.sources };
      }),
    due: (recheckMs, sources) =>
      withStore(async () => {
        const { rows } = await sql<Pick<BuildRow, 'build_id' | 'traceparent'>>`
          with due as (
            select build_id from pack_builds where state in ('queued', 'running') and next_check <= now()
              and (${sources ?? null}::text is null or sources is null or sources = ${sources ?? null})
            order by next_check limit ${MAX_DUE} for update skip locked
          )
          update pack_builds b set next_check = now() + ${recheckMs} * interval '1 millisecond'
          from due where b.build_id = due.build_id
          returning b.build_id, b.traceparent`.execute(db);
        return rows.map(jobOf);
      }),
  };
}

/** What a build's row becomes when its pack is there; the seal of a pack sets it in its own transaction. */
export function succeeded(packId: string, created: boolean): RawBuilder<unknown> {
  return sql`state = 'succeeded', finished_at = now(), pack_id = ${packId}, created = ${created},
    error_code = null, error_detail = null, rows_done = coalesce(rows_total, rows_done)`;
}

export function lost(buildId: string, attempt: number): DawsosError {
  return new DawsosError('lock_lost', `another attempt has the build ${buildId}`, {
    extensions: { build_id: buildId, attempt },
  });
}

const jobOf = (row: Pick<BuildRow, 'build_id' | 'traceparent'>): BuildJob => ({
  data: { build_id: row.build_id },
  traceparent: row.traceparent,
});

function attemptOf(row: BuildRow, asofDate: IsoDate | null): BuildAttempt {
  return {
    buildId: row.build_id,
    attempt: row.attempts,
    asofDate,
    policy: row.policy,
    restateReason: row.restate_reason,
    wanted: wantedOf(row),
    pins: { ledgerCommit: row.ledger_commit_hash, sources: row.sources },
  };
}
