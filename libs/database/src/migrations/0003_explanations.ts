import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // The trace context of the attempt's span: the next attempt links to it, and speaks for it where its worker is gone.
  await sql`alter table run_attempt add column traceparent text collate "C"`.execute(db);
  // One row a worker process, written every few seconds: what explains a run's fate after its worker is gone.
  await sql`
    create table worker_vitals (
      worker_id text collate "C" primary key,
      started_at timestamptz not null default now(),
      reported_at timestamptz not null default now(),
      stopped_at timestamptz,
      report json not null,
      constraint worker_vitals_report_is_small check (length(report::text) <= 16384)
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table worker_vitals`.execute(db);
  await sql`alter table run_attempt drop column traceparent`.execute(db);
}
