import { setTimeout as delay } from 'node:timers/promises';
import {
  DawsosError,
  GateTermsSchema,
  isDawsosError,
  isoDate,
  toProblem,
  type JsonObject,
  type Principal,
} from '@dawsos/contracts';
import { withStore, type Database } from '@dawsos/database';
import { backoffMs } from '@dawsos/resilience';
import { CANCEL_CHANNEL, NEWS_CHANNEL } from './channels';
import type { Outcome, RunExecution, StartedRun } from './run-types';
import { STEPS_CTE, stepParameters } from './step-writes';

export interface RunExecutionOptions {
  readonly database: Database;
  /** Attempts that a run may start, whatever the queue does. */
  readonly maxAttempts: number;
  /** Where the error codes are documented: the base of a problem's `type`. */
  readonly docsUrl: string;
  /** How long after a worker's last sign the sweeper looks whether the run still has a job. Default 15 s. */
  readonly checkAfterMs?: number;
}

const CHECK_AFTER_MS = 15_000;
const RELEASE_GRACE_MS = 1_000;
const STORE_RETRY = { firstMs: 100, longestMs: 1_000, jitter: 'half' } as const;

/** What a worker gets of a run; `previous` is the attempt before, as it was left. */
const STARTED_COLUMNS = `run_id, attempt, pattern_id, pattern_version, inputs, portfolio_id, required_permissions,
    principal_id, portfolios,
    asof_date::text as asof_date, pricing_pack_id, pack_hash, ledger_commit_hash, request_id, created_at,
    traceparent, gate_terms, valid_until, (
      select json_build_object('started_at', started_at, 'traceparent', traceparent, 'is_lost', ended_at is null)
      from previous) as previous`;

/** $1 run, $2 worker, $3 traceparent of the attempt, $4 attempts allowed, $5 milliseconds to the next check */
const START = `
  with started as (
    update run set status = 'running', attempt = attempt + 1, last_seq = last_seq + 1,
      started_at = coalesce(started_at, now()), trace_id = coalesce(trace_id, split_part($3, '-', 2)),
      next_check = now() + $5 * interval '1 millisecond'
    where run_id = $1 and status in ('accepted', 'running') and attempt < $4 and awaits_pack is null
    returning *
  ), previous as (
    select a.started_at, a.traceparent, a.ended_at from run_attempt a join started s
      on a.run_id = s.run_id and a.attempt = s.attempt - 1
  ), superseded as (
    update run_attempt a set ended_at = now(), ended_as = 'lock_lost' from started s
    where a.run_id = s.run_id and a.attempt = s.attempt - 1 and a.ended_at is null
  ), opened as (
    insert into run_attempt (run_id, attempt, worker_id, traceparent)
    select run_id, attempt, $2, $3 from started
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.started', json_build_object('attempt', attempt) from started
  )
  select ${STARTED_COLUMNS},
    pg_notify('${NEWS_CHANNEL}', run_id::text),
    case when attempt > 1 then pg_notify('${CANCEL_CHANNEL}', run_id::text) end
  from started`;

/** $1 run, $2 attempts allowed, $3 the problem */
const EXHAUST = `
  with finished as (
    update run set status = 'failed', finished_at = now(), next_check = null, last_seq = last_seq + 1
    where run_id = $1 and status in ('accepted', 'running') and attempt >= $2 and awaits_pack is null
    returning *
  ), previous as (
    select a.started_at, a.traceparent, a.ended_at from run_attempt a join finished f
      on a.run_id = f.run_id and a.attempt = f.attempt
  ), outcome as (
    insert into run_outcome (run_id, attempt, status, error)
    select run_id, attempt, 'failed', $3::json from finished
  ), ended as (
    update run_attempt a set ended_at = now(), ended_as = 'lock_lost' from finished f
    where a.run_id = f.run_id and a.attempt = f.attempt and a.ended_at is null
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.finished', '{"status":"failed","error_code":"attempts_exhausted"}' from finished
  )
  select ${STARTED_COLUMNS}, pg_notify('${NEWS_CHANNEL}', run_id::text) from finished`;

/** $1 run, $2 attempt, $3 number of step updates, $4 … $11 the updates, $12 milliseconds to the next check */
const RECORD_STEPS = `
  with held as (
    update run set last_seq = last_seq + $3, next_check = now() + $12 * interval '1 millisecond'
    where run_id = $1 and attempt = $2 and status = 'running'
    returning run_id, attempt, last_seq - $3 as base
  ), ${STEPS_CTE}
  select pg_notify('${NEWS_CHANNEL}', run_id::text) from held`;

/** As above, then $12 status, $13 data, $14 data hash, $15 provenance, $16 error, $17 the last event's data */
const FINISH = `
  with held as (
    update run set status = $12, finished_at = now(), next_check = null, last_seq = last_seq + $3 + 1
    where run_id = $1 and attempt = $2 and status = 'running'
    returning run_id, attempt, last_seq - $3 - 1 as base, last_seq
  ), ${STEPS_CTE}, outcome as (
    insert into run_outcome (run_id, attempt, status, data, data_hash, provenance, error)
    select run_id, attempt, $12, $13, $14, $15::json, $16::json from held
  ), ended as (
    update run_attempt a set ended_at = now(), ended_as = $12 from held
    where a.run_id = held.run_id and a.attempt = held.attempt
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.finished', $17::json from held
  )
  select pg_notify('${NEWS_CHANNEL}', run_id::text) from held`;

/** $1 run, $2 attempt, $3 code, $4 milliseconds to the next check */
const RELEASE = `
  with released as (
    update run set status = 'accepted', next_check = now() + $4 * interval '1 millisecond'
    where run_id = $1 and attempt = $2 and status = 'running' returning run_id, attempt
  )
  update run_attempt a set ended_at = now(), ended_as = $3 from released r
  where a.run_id = r.run_id and a.attempt = r.attempt returning a.run_id`;

/** $1 run, $2 attempt, $3 status */
const ENDED_BY_ATTEMPT = `select from run_outcome where run_id = $1 and attempt = $2 and status = $3`;

/** $1 run, $2 attempt, $3 code */
const RELEASED_BY_ATTEMPT = `select from run_attempt where run_id = $1 and attempt = $2 and ended_as = $3`;

/** $1 run, $2 attempt, $3 the pack, $4 until when, $5 the build */
const AWAIT_PACK = `
  with waiting as (
    update run set status = 'accepted', awaits_pack = $3, awaits_until = $4, repair = $5::json,
      build_asked_at = null, next_check = now(), last_seq = last_seq + 1
    where run_id = $1 and attempt = $2 and status = 'running' returning run_id, attempt, last_seq
  ), ended as (
    update run_attempt a set ended_at = now(), ended_as = 'pack_not_fresh' from waiting w
    where a.run_id = w.run_id and a.attempt = w.attempt
  ), event as (
    insert into run_event (run_id, seq, type, data)
    select run_id, last_seq, 'run.awaiting_pack', json_build_object('pack_id', $3::text) from waiting
  )
  select pg_notify('${NEWS_CHANNEL}', run_id::text) from waiting`;

interface StartedRow {
  readonly run_id: string;
  readonly attempt: number;
  readonly pattern_id: string;
  readonly pattern_version: string;
  readonly inputs: JsonObject;
  readonly portfolio_id: string | null;
  readonly required_permissions: readonly string[] | null;
  readonly principal_id: string;
  readonly portfolios: Principal['portfolios'];
  readonly asof_date: string;
  readonly pricing_pack_id: string;
  readonly pack_hash: string;
  readonly ledger_commit_hash: string;
  readonly request_id: string;
  readonly created_at: Date;
  readonly traceparent: string | null;
  readonly gate_terms: unknown;
  readonly valid_until: Date | null;
  readonly previous: {
    readonly started_at: string;
    readonly traceparent: string | null;
    readonly is_lost: boolean;
  } | null;
}

/** The worker's side of runs. Each call is one round trip; the hot ones are prepared once a connection. */
export function createRunExecution(options: RunExecutionOptions): RunExecution {
  const { pool } = options.database;
  const checkAfterMs = options.checkAfterMs ?? CHECK_AFTER_MS;
  const affects = async (name: string, text: string, values: unknown[]): Promise<boolean> => {
    const { rowCount } = await withStore(() => pool.query({ name, text, values }));
    return rowCount === 1;
  };

  const begin = async (name: string, text: string, values: unknown[]): Promise<StartedRun | undefined> => {
    const { rows } = await withStore(() => pool.query<StartedRow>({ name, text, values }));
    return rows[0] === undefined ? undefined : toStartedRun(rows[0]);
  };

  return {
    start: async (runId, { workerId, traceparent }) => {
      const started = await begin('start_run', START, [
        runId,
        workerId,
        traceparent,
        options.maxAttempts,
        checkAfterMs,
      ]);
      if (started !== undefined) return started;
      const ended = [runId, options.maxAttempts, exhausted(runId, options)];
      const run = await begin('exhaust_run', EXHAUST, ended);
      return run === undefined ? undefined : { ...run, isExhausted: true };
    },
    recordSteps: async (runId, attempt, updates) => {
      if (updates.length === 0) return true;
      const values = [runId, attempt, ...stepParameters(updates), checkAfterMs];
      return affects('record_steps', RECORD_STEPS, values);
    },
    finish: (runId, attempt, outcome, updates = [], until) => {
      const values = [runId, attempt, ...stepParameters(updates), ...outcomeParameters(outcome)];
      return untilStored(until, async (isRepeat) => {
        if (await affects('finish_run', FINISH, values)) return true;
        // the answer to the first try may have been lost, and not the outcome
        return isRepeat && affects('ended_by_attempt', ENDED_BY_ATTEMPT, [runId, attempt, outcome.status]);
      });
    },
    awaitPack: (runId, attempt, { packId, until, repair }) =>
      affects('await_pack', AWAIT_PACK, [runId, attempt, packId, until, JSON.stringify(repair)]),
    release: (runId, attempt, reason, delayMs, until) => {
      const values = [runId, attempt, reason.code, delayMs + RELEASE_GRACE_MS];
      return untilStored(until, async (isRepeat) => {
        if (await affects('release_run', RELEASE, values)) return true;
        return isRepeat && affects('released_by_attempt', RELEASED_BY_ATTEMPT, [runId, attempt, reason.code]);
      });
    },
  };
}

/** Tries again while the store is away, until `until` aborts; once only where it is absent. */
async function untilStored(
  until: AbortSignal | undefined,
  write: (isRepeat: boolean) => Promise<boolean>,
): Promise<boolean> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await write(retry > 0);
    } catch (error) {
      if (until === undefined || until.aborted) throw error;
      if (!isDawsosError(error) || error.code !== 'store_unavailable') throw error;
      await delay(backoffMs(STORE_RETRY, retry), undefined, { signal: until }).catch(() => {
        throw error;
      });
    }
  }
}

function exhausted(runId: string, { docsUrl, maxAttempts }: RunExecutionOptions): string {
  const error = new DawsosError(
    'attempts_exhausted',
    `The run was attempted ${maxAttempts} times and never came to an end; see the trace of run ${runId}.`,
  );
  return JSON.stringify(toProblem(error, { docsUrl }));
}

function toStartedRun(row: StartedRow): StartedRun {
  return {
    runId: row.run_id,
    attempt: row.attempt,
    patternId: row.pattern_id,
    patternVersion: row.pattern_version,
    inputs: row.inputs,
    portfolioId: row.portfolio_id,
    requiredPermissions: row.required_permissions,
    principalId: row.principal_id,
    portfolios: row.portfolios,
    asofDate: isoDate(row.asof_date),
    pricingPackId: row.pricing_pack_id,
    packHash: row.pack_hash,
    ledgerCommitHash: row.ledger_commit_hash,
    requestId: row.request_id,
    createdAt: row.created_at,
    traceparent: row.traceparent,
    gate:
      row.gate_terms == null
        ? null
        : { terms: GateTermsSchema.parse(row.gate_terms), validUntil: row.valid_until },
    previousAttempt:
      row.previous === null
        ? null
        : {
            startedAt: new Date(row.previous.started_at),
            traceparent: row.previous.traceparent,
            isLost: row.previous.is_lost,
          },
    isExhausted: false,
  };
}

function outcomeParameters(outcome: Outcome): (string | null)[] {
  switch (outcome.status) {
    case 'succeeded':
      return [
        'succeeded',
        outcome.dataJson,
        outcome.dataHash,
        JSON.stringify(outcome.provenance),
        null,
        JSON.stringify({ status: 'succeeded', data_hash: outcome.dataHash }),
      ];
    case 'failed':
      return [
        'failed',
        null,
        null,
        outcome.provenance === null ? null : JSON.stringify(outcome.provenance),
        JSON.stringify(outcome.error),
        JSON.stringify({ status: 'failed', error_code: outcome.error.code }),
      ];
  }
}
