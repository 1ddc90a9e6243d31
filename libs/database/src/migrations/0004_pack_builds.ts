import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createBuilds(db);
  await createSources(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table pack_sources, pack_build_events, pack_builds`.execute(db);
}

async function createBuilds(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table pack_builds (
      build_id uuid primary key,
      -- null: the newest day that has prices
      asof_date date,
      policy text collate "C" not null,
      restate_reason text,
      wanted jsonb not null default '[]',
      requested_by text collate "C" not null,
      idempotency_key text collate "C",
      body_hash text,
      request_id text,
      traceparent text,
      tracestate text,
      state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed')),
      -- the fencing number: only the attempt that holds it writes
      attempts integer not null default 0,
      pack_id text collate "C",
      created boolean,
      phase text check (phase in ('reading', 'reconciling', 'writing')),
      rows_done integer not null default 0,
      rows_total integer,
      error_code text,
      error_detail jsonb,
      last_event integer not null default 0,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      updated_at timestamptz not null default now(),
      next_check timestamptz not null default now(),
      finished_at timestamptz,
      constraint pack_builds_over_has_end check ((state in ('succeeded', 'failed')) = (finished_at is not null)),
      constraint pack_builds_success_has_pack check (state <> 'succeeded' or pack_id is not null),
      constraint pack_builds_failure_says_why check (state <> 'failed' or error_code is not null)
    )`.execute(db);
  await sql`
    create unique index pack_builds_key on pack_builds (requested_by, idempotency_key)
      where idempotency_key is not null`.execute(db);
  await sql`create index pack_builds_open on pack_builds (next_check) where state in ('queued', 'running')`.execute(
    db,
  );
  await sql`
    create table pack_build_events (
      build_id uuid not null references pack_builds (build_id) on delete cascade,
      seq integer not null,
      type text not null,
      data jsonb not null default '{}',
      created_at timestamptz not null default now(),
      primary key (build_id, seq)
    )`.execute(db);
}

/** What a pack's rows come from, source by source; as immutable as the rows. */
async function createSources(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table pack_sources (
      pack_id text collate "C" not null,
      source text collate "C" not null,
      price_count integer not null,
      rate_count integer not null,
      first_date date not null,
      last_date date not null,
      primary key (pack_id, source)
    )`.execute(db);
  await sql`create trigger only_before_seal after insert on pack_sources referencing new table as added
    for each statement execute function pack_rows_only_before_seal()`.execute(db);
  await sql`create trigger never_change before update or delete or truncate on pack_sources
    for each statement execute function pack_rows_never_change()`.execute(db);
}
