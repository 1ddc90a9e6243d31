import { sql, type Kysely } from 'kysely';

/** SQLSTATE of the trigger that keeps the audit as it was written. */
export const AUDIT_APPEND_ONLY_SQLSTATE = 'DW003';

/**
 * What was shown and exported, to whom, on what grounds. No foreign key: the audit outlives the runs, which are
 * pruned, and so holds what names a run's content (pattern, pack, commit).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rights_decision (
      decision_id bigint generated always as identity primary key,
      decided_at timestamptz(3) not null default now(),
      principal_id text collate "C" not null,
      request_id text collate "C" not null,
      run_id uuid not null,
      pattern_id text collate "C" not null,
      pattern_version text collate "C" not null,
      pricing_pack_id text collate "C" not null,
      ledger_commit_hash text collate "C" not null,
      action text collate "C" not null check (action in ('display', 'export')),
      format text collate "C" check (format in ('pdf', 'csv', 'json', 'xlsx')),
      environment text collate "C" not null,
      registry_hash text collate "C" not null,
      outcome text collate "C" not null check (outcome in ('allowed', 'partial', 'refused')),
      reason text not null,
      figures json not null,
      sources_used text[] not null,
      sources_blocked text[] not null,
      file_hash text collate "C",
      export_id uuid,
      idempotency_key text collate "C",
      body_hash text collate "C",
      constraint rights_decision_export_has_format check ((action = 'export') = (format is not null)),
      constraint rights_decision_export_has_file
        check ((action = 'export' and outcome <> 'refused') = (export_id is not null)),
      constraint rights_decision_refused_uses_nothing check (outcome <> 'refused' or sources_used = '{}')
    )`.execute(db);
  await sql`create index rights_decision_by_time on rights_decision (decided_at)`.execute(db);
  await sql`
    create unique index rights_decision_once_per_key on rights_decision (principal_id, idempotency_key)
      where idempotency_key is not null`.execute(db);
  await sql`
    create function rights_decision_is_kept() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit of rights decisions is append-only (% refused)', tg_op using errcode = 'DW003';
    end $$`.execute(db);
  await sql`create trigger is_kept before update or delete or truncate on rights_decision
    for each statement execute function rights_decision_is_kept()`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table rights_decision`.execute(db);
  await sql`drop function rights_decision_is_kept()`.execute(db);
}
