import { sql, type Kysely } from 'kysely';

/** The gate's terms and findings stand with each run, and a run can wait, durably, for a fresh pack. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table run
      alter column pack_hash drop not null,
      add column gate_terms json,
      add column freshness json,
      add column valid_until timestamptz,
      add column awaits_pack text collate "C",
      add column awaits_until timestamptz,
      add column awaited_pack text collate "C",
      add column build_asked_at timestamptz,
      add column repair json,
      add constraint run_awaiting_is_accepted
        check (awaits_pack is null or (status = 'accepted' and awaits_until is not null)),
      add constraint run_started_has_pack
        check (pack_hash is not null or status in ('accepted', 'failed', 'cancelled'))`.execute(db);
  await sql`create index run_awaiting on run (next_check) where awaits_pack is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`delete from run where pack_hash is null`.execute(db);
  await sql`
    alter table run
      drop column gate_terms, drop column freshness, drop column valid_until, drop column awaits_pack,
      drop column awaits_until, drop column awaited_pack, drop column build_asked_at, drop column repair,
      drop constraint if exists run_awaiting_is_accepted, drop constraint if exists run_started_has_pack,
      alter column pack_hash set not null`.execute(db);
}
