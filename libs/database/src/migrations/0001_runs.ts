import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createRun(db);
  await createProgress(db);
  await createStepTrace(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table step_trace, run_spans, run_outcome, run_event, run_step, run_attempt, run`.execute(db);
}

async function createRun(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table run (
      run_id uuid primary key,
      principal_id text collate "C" not null,
      portfolios json not null,
      idempotency_key text collate "C",
      body_hash text collate "C" not null,
      pattern_id text collate "C" not null,
      pattern_version text collate "C" not null,
      inputs json not null,
      portfolio_id text collate "C",
      asof_date date not null,
      pricing_pack_id text collate "C" not null,
      pack_hash text collate "C" not null,
      pack_status text collate "C" not null,
      ledger_commit_hash text collate "C" not null,
      request_id text collate "C" not null,
      trace_id text collate "C",
      traceparent text collate "C",
      tracestate text collate "C",
      plan json not null,
      status text collate "C" not null default 'accepted'
        check (status in ('accepted', 'running', 'succeeded', 'failed', 'cancelled')),
      attempt integer not null default 0,
      last_seq integer not null default 1,
      created_at timestamptz(3) not null default now(),
      started_at timestamptz,
      finished_at timestamptz,
      next_check timestamptz default now() + interval '1 second',
      constraint run_finished_is_final
        check ((finished_at is not null) = (status in ('succeeded', 'failed', 'cancelled'))),
      constraint run_open_is_checked check ((next_check is null) = (finished_at is not null))
    ) with (fillfactor = 85)`.execute(db);
  // Exactly one run for a principal's key, whoever asks at the same time.
  await sql`
    create unique index run_once_per_key on run (principal_id, idempotency_key)
      where idempotency_key is not null`.execute(db);
  await sql`create index run_newest_first on run (principal_id, created_at desc, run_id desc)`.execute(db);
  await sql`create index run_to_check on run (next_check) where next_check is not null`.execute(db);
  await sql`create index run_finished on run (finished_at) where finished_at is not null`.execute(db);
}

async function createProgress(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table run_attempt (
      run_id uuid not null references run on delete cascade,
      attempt integer not null,
      worker_id text not null,
      started_at timestamptz not null default now(),
      ended_at timestamptz,
      ended_as text,
      primary key (run_id, attempt)
    )`.execute(db);
  await sql`
    create table run_step (
      run_id uuid not null references run on delete cascade,
      step_index integer not null,
      attempt integer not null,
      status text collate "C" not null
        check (status in ('pending', 'running', 'succeeded', 'skipped', 'failed', 'cancelled')),
      started_at timestamptz,
      duration_ms double precision,
      cached boolean not null,
      error_code text,
      primary key (run_id, step_index)
    )`.execute(db);
  await sql`
    create table run_event (
      run_id uuid not null references run on delete cascade,
      seq integer not null check (seq > 1),
      type text collate "C" not null,
      at timestamptz not null default now(),
      data json not null,
      primary key (run_id, seq)
    )`.execute(db);
  await sql`
    create table run_outcome (
      run_id uuid primary key references run on delete cascade,
      attempt integer not null,
      status text collate "C" not null check (status in ('succeeded', 'failed', 'cancelled')),
      data text,
      data_hash text,
      provenance json,
      error json,
      finished_at timestamptz not null default now(),
      constraint run_outcome_succeeded_has_data check ((status = 'succeeded') = (data is not null)),
      constraint run_outcome_failed_says_why check ((status = 'failed') = (error is not null))
    )`.execute(db);
  await sql`
    create table run_spans (
      run_id uuid not null references run on delete cascade,
      part text not null,
      spans json not null,
      created_at timestamptz not null default now(),
      primary key (run_id, part)
    )`.execute(db);
}

async function createStepTrace(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table step_trace (
      trace_key text collate "C" not null,
      reads_hash text collate "C" not null,
      capability text collate "C" not null,
      agent_version text collate "C" not null,
      args_hash text collate "C" not null,
      reads json not null,
      result text not null,
      used_at timestamptz not null default now(),
      primary key (trace_key, reads_hash)
    )`.execute(db);
  await sql`create index step_trace_least_recent on step_trace (used_at)`.execute(db);
}
