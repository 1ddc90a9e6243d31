import {
  GateTermsSchema,
  RepairOrderSchema,
  toDawsosError,
  toProblem,
  type DawsosError,
  type GateTerms,
  type IsoDate,
  type RepairOrder,
  type RunFreshness,
} from '@dawsos/contracts';
import { startPolling, withStore, type Database } from '@dawsos/database';
import { NEWS_CHANNEL } from './channels';
import { toJob, type JobRow } from './run-job';
import type { RunJob } from './run-types';

/** An accepted run that waits for a fresh pack. */
export interface AwaitingRun {
  readonly runId: string;
  readonly portfolioId: string | null;
  readonly ledgerCommitHash: string;
  readonly terms: GateTerms;
}

/** What the gate says of it now. */
export type AwaitingAnswer =
  | {
      readonly ready: true;
      readonly packId: string;
      readonly packHash: string;
      readonly packStatus: string;
      readonly asofDate: IsoDate;
      readonly freshness: RunFreshness;
      readonly validUntil: Date | null;
    }
  | { readonly ready: false; readonly error: DawsosError; readonly repair: RepairOrder | undefined };

export interface PackWaitOptions {
  readonly database: Database;
  /** Asks the gate again. */
  ask(run: AwaitingRun): Promise<AwaitingAnswer>;
  /** Has the packs built that runs wait for; may be asked for the same ones again. */
  requestBuilds(orders: readonly RepairOrder[]): Promise<void>;
  /** Adds the jobs of runs that wait no more. */
  enqueue(jobs: readonly RunJob[]): Promise<unknown>;
  /** Where the error codes are documented: the base of a problem's `type`. */
  readonly docsUrl: string;
  onReleased?(runs: number): void;
  onError?(error: unknown): void;
  readonly intervalMs?: number;
  /** After which a build is asked for again, for a run that still waits. */
  readonly buildAgainMs?: number;
}

export interface PackWait {
  /** Looks now. Resolves with the number of runs that wait no more. */
  look(): Promise<number>;
  close(): Promise<void>;
}

const INTERVAL_MS = 500;
const LOOK_AGAIN_MS = 1_000;
const BUILD_AGAIN_MS = 60_000;
const BATCH = 200;

/** Several processes share the work: each takes rows that no other has. $1, $2 milliseconds to look, to build again */
const TAKE_AWAITING = `
  with due as (
    select run_id from run where awaits_pack is not null and next_check <= now()
    order by next_check limit ${BATCH} for update skip locked
  )
  update run set next_check = now() + $1 * interval '1 millisecond'
  from due where run.run_id = due.run_id
  returning run.run_id, portfolio_id, ledger_commit_hash, gate_terms, repair,
    awaits_until <= now() as overdue,
    coalesce(build_asked_at < now() - $2 * interval '1 millisecond', true) as build_due`;

const BUILD_ASKED = `update run set build_asked_at = now() where run_id = any($1::uuid[]) and awaits_pack is not null`;

/** $1 run, $2 pack, $3 its hash, $4 its status, $5 the day, $6 what the gate found, $7 valid until */
const RELEASE = `
  with released as (
    update run set awaits_pack = null, awaits_until = null, pricing_pack_id = $2, pack_hash = $3, pack_status = $4,
      asof_date = $5, freshness = $6::json, valid_until = $7, next_check = now() + interval '1 second',
      last_seq = last_seq + 1
    where run_id = $1 and awaits_pack is not null
    returning run_id, traceparent, queue_place, last_seq
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.pack_ready', json_build_object('pricing_pack_id', $2::text) from released
  )
  select run_id, traceparent, queue_place, pg_notify('${NEWS_CHANNEL}', run_id::text)
  from released`;

/** $1 run, $2 the problem, $3 its code */
const GIVE_UP = `
  with finished as (
    update run set status = 'failed', finished_at = now(), next_check = null, awaits_pack = null,
      awaits_until = null, last_seq = last_seq + 1
    where run_id = $1 and awaits_pack is not null
    returning run_id, attempt, last_seq
  ), outcome as (
    insert into run_outcome (run_id, attempt, status, error)
    select run_id, attempt, 'failed', $2::json from finished
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.finished', json_build_object('status', 'failed', 'error_code', $3::text)
    from finished
  )
  select pg_notify('${NEWS_CHANNEL}', run_id::text) from finished`;

interface AwaitingRow {
  readonly run_id: string;
  readonly portfolio_id: string | null;
  readonly ledger_commit_hash: string;
  readonly gate_terms: unknown;
  readonly repair: unknown;
  readonly overdue: boolean;
  readonly build_due: boolean;
}

/**
 * Lets runs go on that wait for a fresh pack: asks the gate again for each of them, has the pack built that it lacks,
 * and gives up at the run's deadline with the gate's own refusal. All of it stands in the database, so any process can
 * go on where another died; a run that is cancelled meanwhile is let be.
 */
export function createPackWait(options: PackWaitOptions): PackWait {
  const { database, docsUrl } = options;
  const buildAgainMs = options.buildAgainMs ?? BUILD_AGAIN_MS;
  const query = <Row extends object>(text: string, values: unknown[]): Promise<Row[]> =>
    withStore(async () => (await database.pool.query<Row>(text, values)).rows);

  async function look(): Promise<number> {
    const rows = await query<AwaitingRow>(TAKE_AWAITING, [LOOK_AGAIN_MS, buildAgainMs]);
    const released: JobRow[] = [];
    const builds = new Map<string, RepairOrder>();
    const asked: string[] = [];
    for (const row of rows) {
      const answer = await answerFor(row);
      if (answer.ready) released.push(...(await release(row, answer)));
      else if (row.overdue) await giveUp(row, answer.error);
      else if (row.build_due) {
        const order = answer.repair ?? RepairOrderSchema.parse(row.repair);
        builds.set(order.pack_id, order);
        asked.push(row.run_id);
      }
    }
    if (builds.size > 0) {
      await options.requestBuilds([...builds.values()]);
      await query(BUILD_ASKED, [asked]);
    }
    if (released.length > 0) {
      await options.enqueue(released.map(toJob));
      options.onReleased?.(released.length);
    }
    return released.length;
  }

  /** A question that fails keeps its own run waiting, and no other. */
  async function answerFor(row: AwaitingRow): Promise<AwaitingAnswer> {
    try {
      return await options.ask(toAwaitingRun(row));
    } catch (error) {
      options.onError?.(error);
      return { ready: false, error: toDawsosError(error), repair: undefined };
    }
  }

  function release(row: AwaitingRow, ready: Extract<AwaitingAnswer, { ready: true }>): Promise<JobRow[]> {
    return query<JobRow>(RELEASE, [
      row.run_id,
      ready.packId,
      ready.packHash,
      ready.packStatus,
      ready.asofDate,
      JSON.stringify(ready.freshness),
      ready.validUntil,
    ]);
  }

  async function giveUp(row: AwaitingRow, error: DawsosError): Promise<void> {
    await query(GIVE_UP, [row.run_id, JSON.stringify(toProblem(error, { docsUrl })), error.code]);
  }

  const looking = startPolling(look, {
    intervalMs: options.intervalMs ?? INTERVAL_MS,
    onError: (error) => options.onError?.(error),
  });
  return { look, ...looking };
}

function toAwaitingRun(row: AwaitingRow): AwaitingRun {
  return {
    runId: row.run_id,
    portfolioId: row.portfolio_id,
    ledgerCommitHash: row.ledger_commit_hash,
    terms: GateTermsSchema.parse(row.gate_terms),
  };
}
