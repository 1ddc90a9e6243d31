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
import { startElectedPolling, withStore, type Database } from '@dawsos/database';
import { NEWS_CHANNEL } from './channels';
import { toJob, type JobRow } from './run-job';
import type { RunJob } from './run-types';

/** What runs that wait for a fresh pack ask of the gate: those that ask the same are asked for once. */
export interface AwaitingQuestion {
  readonly portfolioId: string | null;
  readonly ledgerCommitHash: string;
  readonly terms: GateTerms;
}

/** What the gate says now. */
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
  /** Asks the gate again, once for all runs with this question. */
  ask(question: AwaitingQuestion): Promise<AwaitingAnswer>;
  /** Has the packs built that runs wait for; may be asked for the same ones again. */
  requestBuilds(orders: readonly RepairOrder[]): Promise<void>;
  /** Adds the jobs of runs that wait no more. */
  enqueue(jobs: readonly RunJob[]): Promise<unknown>;
  /** Where the error codes are documented: the base of a problem's `type`. */
  readonly docsUrl: string;
  /** Whether the jobs could be added now; a process that could not leaves the looking to another. */
  readonly ready?: () => Promise<void>;
  onReleased?(runs: number): void;
  /** Told of each run that was ended here, as it was written: its deadline came before its pack. */
  onGivenUp?(run: { readonly runId: string; readonly patternId: string }, error: DawsosError): void;
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

const INTERVAL_MS = 1_000;
const JITTER = 0.2;
const BUILD_AGAIN_MS = 60_000;

/** $1 milliseconds to build again. All that wait, by what they ask; nothing is written. */
const QUESTIONS = `
  select portfolio_id, ledger_commit_hash, gate_terms::text as gate_terms,
    array_agg(run_id::text) as run_ids, (array_agg(repair))[1] as repair,
    coalesce(array_agg(run_id::text) filter (where awaits_until <= now()), '{}') as overdue,
    coalesce(array_agg(run_id::text) filter (where
      coalesce(build_asked_at < now() - $1 * interval '1 millisecond', true)), '{}') as build_due
  from run where awaits_pack is not null
  group by portfolio_id, ledger_commit_hash, gate_terms::text`;

const BUILD_ASKED = `update run set build_asked_at = now() where run_id = any($1::uuid[]) and awaits_pack is not null`;

/** $1 runs, $2 pack, $3 its hash, $4 its status, $5 the day, $6 what the gate found, $7 valid until */
const RELEASE = `
  with released as (
    update run set awaits_pack = null, awaits_until = null, pricing_pack_id = $2, pack_hash = $3, pack_status = $4,
      asof_date = $5, freshness = $6::json, valid_until = $7, next_check = now() + interval '1 second',
      last_seq = last_seq + 1
    where run_id = any($1::uuid[]) and awaits_pack is not null
    returning run_id, traceparent, queue_place, last_seq
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.pack_ready', json_build_object('pricing_pack_id', $2::text) from released
  )
  select run_id, traceparent, queue_place, pg_notify('${NEWS_CHANNEL}', run_id::text)
  from released`;

/** $1 runs, $2 the problem, $3 its code */
const GIVE_UP = `
  with finished as (
    update run set status = 'failed', finished_at = now(), next_check = null, awaits_pack = null,
      awaits_until = null, last_seq = last_seq + 1
    where run_id = any($1::uuid[]) and awaits_pack is not null
    returning run_id, pattern_id, attempt, last_seq
  ), outcome as (
    insert into run_outcome (run_id, attempt, status, error)
    select run_id, attempt, 'failed', $2::json from finished
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.finished', json_build_object('status', 'failed', 'error_code', $3::text)
    from finished
  )
  select run_id, pattern_id, pg_notify('${NEWS_CHANNEL}', run_id::text) from finished`;

interface QuestionRow {
  readonly portfolio_id: string | null;
  readonly ledger_commit_hash: string;
  readonly gate_terms: string;
  readonly run_ids: readonly string[];
  readonly repair: unknown;
  readonly overdue: readonly string[];
  readonly build_due: readonly string[];
}

/**
 * Lets runs go on that wait for a fresh pack: asks the gate again, once for all that ask the same, has the
 * packs built that they lack, and gives up at a run's deadline with the gate's own refusal. One of all processes looks;
 * all of it stands in the database, so any can go on where another died; a run that is cancelled meanwhile is let be.
 */
export function createPackWait(options: PackWaitOptions): PackWait {
  const { database, docsUrl } = options;
  const buildAgainMs = options.buildAgainMs ?? BUILD_AGAIN_MS;
  const query = <Row extends object>(text: string, values: unknown[]): Promise<Row[]> =>
    withStore(async () => (await database.pool.query<Row>(text, values)).rows);

  async function look(): Promise<number> {
    const questions = await query<QuestionRow>(QUESTIONS, [buildAgainMs]);
    const released: JobRow[] = [];
    const builds = new Map<string, RepairOrder>();
    const asked: string[] = [];
    for (const row of questions) {
      const answer = await answerFor(row);
      if (answer.ready) {
        released.push(...(await release(row.run_ids, answer)));
        continue;
      }
      await giveUp(row.overdue, answer.error);
      const waiting = row.build_due.filter((id) => !row.overdue.includes(id));
      if (waiting.length === 0) continue;
      const order = answer.repair ?? RepairOrderSchema.parse(row.repair);
      builds.set(order.pack_id, order);
      asked.push(...waiting);
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

  /** A question that fails keeps its own runs waiting, and no others. */
  async function answerFor(row: QuestionRow): Promise<AwaitingAnswer> {
    try {
      return await options.ask(toQuestion(row));
    } catch (error) {
      options.onError?.(error);
      return { ready: false, error: toDawsosError(error), repair: undefined };
    }
  }

  function release(
    runIds: readonly string[],
    ready: Extract<AwaitingAnswer, { ready: true }>,
  ): Promise<JobRow[]> {
    return query<JobRow>(RELEASE, [
      runIds,
      ready.packId,
      ready.packHash,
      ready.packStatus,
      ready.asofDate,
      JSON.stringify(ready.freshness),
      ready.validUntil,
    ]);
  }

  async function giveUp(runIds: readonly string[], error: DawsosError): Promise<void> {
    if (runIds.length === 0) return;
    const problem = JSON.stringify(toProblem(error, { docsUrl }));
    const ended = await query<{ run_id: string; pattern_id: string }>(GIVE_UP, [runIds, problem, error.code]);
    for (const { run_id: runId, pattern_id: patternId } of ended) {
      options.onGivenUp?.({ runId, patternId }, error);
    }
  }

  const looking = startElectedPolling(look, {
    database,
    name: 'pack wait',
    jitter: JITTER,
    ready: options.ready,
    intervalMs: options.intervalMs ?? INTERVAL_MS,
    onError: (error) => options.onError?.(error),
  });
  return { look, ...looking };
}

function toQuestion(row: QuestionRow): AwaitingQuestion {
  return {
    portfolioId: row.portfolio_id,
    ledgerCommitHash: row.ledger_commit_hash,
    terms: GateTermsSchema.parse(JSON.parse(row.gate_terms)),
  };
}
