import { randomUUID } from 'node:crypto';
import { contentHash, DawsosError, type IsoDate, type PackBuild, type WantedQuote } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import { sql } from 'kysely';
import { DEFAULT_POLICY } from '../pack/pack-id';
import { addEvent } from './build-events';
import { NO_PINS, type BuildPins } from './build-pins';
import { BUILD_COLUMNS, type BuildRow } from './build-row';

export interface NewBuild {
  /** Absent: the newest day that has prices when it is built. */
  readonly asofDate?: IsoDate | undefined;
  readonly policy?: string | undefined;
  /** Builds again where a pack is sealed; another content supersedes it. */
  readonly restate?: { readonly reason: string } | undefined;
  /** Prices that it should bring; what it does not bring is in its report. */
  readonly wanted?: readonly WantedQuote[] | undefined;
  /** What it is to be made from; a builder takes only what it serves. */
  readonly pins?: BuildPins | undefined;
  /** The principal, or what of the system asked: `schedule`, `start`, `gate`. */
  readonly requestedBy: string;
  /** Builds of this asker that may be open at once; absent, any number. */
  readonly mostOpen?: number | undefined;
  readonly idempotencyKey?: string | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly traceparent?: string | null | undefined;
}

export interface RequestedBuild {
  readonly build: PackBuild;
  /** `joined`: one that was open already brings the same. `replayed`: the idempotency key named it. */
  readonly outcome: 'created' | 'joined' | 'replayed';
}

type Connection = Database['kysely'];

const RETRY_SECONDS = 30;

/** Stores a build that is asked for, or joins it to an open one, in the caller's transaction. @throws DawsosError `idempotency_key_reused` */
export async function insertOrJoin(
  trx: Connection,
  asked: NewBuild,
): Promise<{ row: BuildRow; outcome: RequestedBuild['outcome'] }> {
  const policy = asked.policy ?? DEFAULT_POLICY;
  const pins = asked.pins ?? NO_PINS;
  const key = asked.idempotencyKey ?? null;
  const bodyHash = contentHash({
    asof_date: asked.asofDate ?? null,
    policy,
    restate: asked.restate?.reason ?? null,
    wanted: [...(asked.wanted ?? [])],
  });
  if (key !== null) {
    const earlier = await trx
      .selectFrom('pack_builds')
      .select([...BUILD_COLUMNS, 'body_hash'])
      .where('requested_by', '=', asked.requestedBy)
      .where('idempotency_key', '=', key)
      .executeTakeFirst();
    if (earlier !== undefined && earlier.body_hash !== bodyHash) throw keyReused();
    if (earlier !== undefined) return { row: earlier, outcome: 'replayed' };
  } else {
    const joined = await join(trx, asked, policy);
    if (joined !== undefined) return { row: joined, outcome: 'joined' };
  }
  await requireRoom(trx, asked);
  const row = await trx
    .insertInto('pack_builds')
    .values({
      build_id: randomUUID(),
      asof_date: asked.asofDate ?? null,
      policy,
      restate_reason: asked.restate?.reason ?? null,
      wanted: JSON.stringify(asked.wanted ?? []),
      ledger_commit_hash: pins.ledgerCommit,
      sources: pins.sources,
      requested_by: asked.requestedBy,
      idempotency_key: key,
      body_hash: bodyHash,
      request_id: asked.requestId ?? null,
      traceparent: asked.traceparent ?? null,
      last_event: 1,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['requested_by', 'idempotency_key'])
        .where('idempotency_key', 'is not', null)
        .doNothing(),
    )
    .returning(BUILD_COLUMNS)
    .executeTakeFirst();
  // the same key came at the same time: the row that won is there now
  if (row === undefined) return insertOrJoin(trx, asked);
  await addEvent(trx, row.build_id, 1, 'build.accepted', { asof_date: row.asof_date, policy });
  return { row, outcome: 'created' };
}

/**
 * An open build that brings what is asked for, from the same ledger commit and the same sources. One that runs has read its sources already, so that it serves a
 * request for a restatement only if it is one, and one for certain prices not at all.
 */
async function join(trx: Connection, asked: NewBuild, policy: string): Promise<BuildRow | undefined> {
  const reason = asked.restate?.reason ?? null;
  const wanted = JSON.stringify(asked.wanted ?? []);
  const { ledgerCommit, sources } = asked.pins ?? NO_PINS;
  const { rows } = await sql<{ build_id: string }>`
    select build_id from pack_builds
    where policy = ${policy} and asof_date is not distinct from ${asked.asofDate ?? null}::date
      and ledger_commit_hash is not distinct from ${ledgerCommit}
      and sources is not distinct from ${sources}
      and (state = 'queued' or
        (state = 'running' and (${reason}::text is null or restate_reason is not null) and ${wanted} = '[]'))
    order by created_at limit 1 for update`.execute(trx);
  const [open] = rows;
  if (open === undefined) return undefined;
  return trx
    .updateTable('pack_builds')
    .set({
      restate_reason: sql<string | null>`coalesce(restate_reason, ${reason})`,
      wanted: sql`(select coalesce(jsonb_agg(distinct item), '[]')
        from jsonb_array_elements(wanted || ${wanted}::jsonb) as item)`,
    })
    .where('build_id', '=', open.build_id)
    .returning(BUILD_COLUMNS)
    .executeTakeFirstOrThrow();
}

async function requireRoom(trx: Connection, { requestedBy, mostOpen }: NewBuild): Promise<void> {
  if (mostOpen === undefined) return;
  const { open } = await trx
    .selectFrom('pack_builds')
    .select((of) => of.fn.countAll<string>().as('open'))
    .where('requested_by', '=', requestedBy)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  if (Number(open) < mostOpen) return;
  throw new DawsosError('rate_limited', `More than ${String(mostOpen)} builds are open; let some finish.`, {
    retryAfterSeconds: RETRY_SECONDS,
    extensions: { limit: { name: 'open-builds', quota: mostOpen } },
  });
}

function keyReused(): DawsosError {
  return new DawsosError(
    'idempotency_key_reused',
    'This idempotency key came with another payload before; use a new key for a new request.',
  );
}
