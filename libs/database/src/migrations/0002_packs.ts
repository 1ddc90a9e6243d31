import { sql, type Kysely } from 'kysely';

/** SQLSTATEs of our own triggers; the pack store turns them into `pack_immutable` and `pack_transition_refused`. */
export const PACK_IMMUTABLE_SQLSTATE = 'DW001';
export const PACK_TRANSITION_SQLSTATE = 'DW002';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createTables(db);
  await guardRows(db);
  await guardPacks(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table fx_rates, prices, packs`.execute(db);
  await sql`drop function pack_rows_only_before_seal(), pack_rows_never_change(), pack_keeps_its_content(),
    pack_is_not_deleted(), pack_is_not_truncated()`.execute(db);
}

async function createTables(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table packs (
      pack_id text collate "C" primary key
        check (pack_id ~ '^PP_[0-9]{4}-[0-9]{2}-[0-9]{2}(_[A-Z0-9]{1,24})?$'),
      asof_date date not null,
      policy text collate "C" not null,
      restatement integer not null default 0 check (restatement >= 0),
      status text not null check (status in ('warming', 'fresh', 'error', 'stale')),
      content_hash text check (content_hash ~ '^[0-9a-f]{64}$'),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      built_at timestamptz,
      superseded_by text collate "C" references packs (pack_id) check (superseded_by <> pack_id),
      superseded_reason text,
      price_count integer not null default 0,
      rate_count integer not null default 0,
      sources text[] not null default '{}',
      error_code text,
      error_detail jsonb,
      report jsonb,
      constraint packs_sealed_has_hash check ((built_at is null) = (content_hash is null)),
      constraint packs_usable_is_sealed check (status not in ('fresh', 'stale') or built_at is not null),
      constraint packs_error_says_why check ((status = 'error') = (error_code is not null)),
      constraint packs_restatement_once unique (asof_date, policy, restatement)
    )`.execute(db);
  // At most one pack of a day and policy answers; a restatement takes its place in one transaction.
  await sql`
    create unique index packs_one_current on packs (asof_date, policy)
      where status in ('fresh', 'stale') and superseded_by is null`.execute(db);
  await sql`create index packs_newest_first on packs (asof_date desc, pack_id desc)`.execute(db);
  await sql`
    create table prices (
      pack_id text collate "C" not null,
      commodity text collate "C" not null,
      date date not null,
      number numeric not null check (number <> 'NaN'),
      currency text collate "C" not null,
      source text collate "C" not null,
      primary key (pack_id, commodity, date)
    )`.execute(db);
  await sql`
    create table fx_rates (
      pack_id text collate "C" not null,
      base text collate "C" not null,
      quote text collate "C" not null check (quote <> base),
      date date not null,
      number numeric not null check (number > 0 and number <> 'NaN'),
      source text collate "C" not null,
      primary key (pack_id, base, quote, date)
    )`.execute(db);
}

/**
 * Rows go in while the pack is warming, and never change or leave after that. The trigger, once a statement, stands
 * for a foreign key, which would look the pack up once a row.
 */
async function guardRows(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function pack_rows_only_before_seal() returns trigger language plpgsql as $$
    declare
      named text;
      found text;
    begin
      for named in select distinct pack_id from added loop
        -- the share lock holds off a seal until these rows are in
        select status into found from packs where pack_id = named for share;
        if found is null then
          raise exception 'there is no pack %', named using errcode = 'foreign_key_violation';
        elsif found <> 'warming' then
          raise exception 'pack % is %: no row can be added to it', named, found
            using errcode = 'DW001', hint = 'Build a restatement.';
        end if;
      end loop;
      return null;
    end $$`.execute(db);
  await sql`
    create function pack_rows_never_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the rows of a pricing pack cannot be changed or removed (% on %)', tg_op, tg_table_name
        using errcode = 'DW001', hint = 'Build a restatement.';
    end $$`.execute(db);
  for (const table of [sql.table('prices'), sql.table('fx_rates')]) {
    await sql`create trigger only_before_seal after insert on ${table} referencing new table as added
      for each statement execute function pack_rows_only_before_seal()`.execute(db);
    await sql`create trigger never_change before update or delete or truncate on ${table}
      for each statement execute function pack_rows_never_change()`.execute(db);
  }
}

/** A sealed pack keeps its content; its status moves only along the life cycle; it is superseded once. */
async function guardPacks(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function pack_keeps_its_content() returns trigger language plpgsql as $$
    begin
      if (old.pack_id, old.asof_date, old.policy, old.restatement, old.created_at)
          is distinct from (new.pack_id, new.asof_date, new.policy, new.restatement, new.created_at)
        or (old.built_at is not null and
          (old.content_hash, old.built_at, old.price_count, old.rate_count, old.sources, old.report)
          is distinct from
          (new.content_hash, new.built_at, new.price_count, new.rate_count, new.sources, new.report)) then
        raise exception 'pack % is sealed: its content cannot be changed', old.pack_id
          using errcode = 'DW001', hint = 'Build a restatement.';
      end if;
      if old.superseded_by is not null and
          (old.superseded_by, old.superseded_reason)
          is distinct from (new.superseded_by, new.superseded_reason) then
        raise exception 'pack % is superseded by % already', old.pack_id, old.superseded_by
          using errcode = 'DW002';
      end if;
      if new.superseded_by is not null and new.built_at is null then
        raise exception 'pack % is not built: nothing can supersede it', old.pack_id using errcode = 'DW002';
      end if;
      if old.status <> new.status and (old.status, new.status) not in
          (('warming', 'fresh'), ('warming', 'error'), ('error', 'warming'), ('fresh', 'stale')) then
        raise exception 'pack % cannot go from % to %', old.pack_id, old.status, new.status
          using errcode = 'DW002';
      end if;
      new.updated_at := now();
      return new;
    end $$`.execute(db);
  await sql`
    create function pack_is_not_deleted() returns trigger language plpgsql as $$
    begin
      if old.built_at is not null then
        raise exception 'pack % is sealed: it cannot be deleted', old.pack_id
          using errcode = 'DW001', hint = 'Build a restatement.';
      elsif exists (select from prices where pack_id = old.pack_id)
          or exists (select from fx_rates where pack_id = old.pack_id) then
        raise exception 'pack % has rows', old.pack_id using errcode = 'foreign_key_violation';
      end if;
      return old;
    end $$`.execute(db);
  await sql`
    create function pack_is_not_truncated() returns trigger language plpgsql as $$
    begin
      raise exception 'pricing packs cannot be truncated' using errcode = 'DW001';
    end $$`.execute(db);
  await sql`create trigger keeps_its_content before update on packs
    for each row execute function pack_keeps_its_content()`.execute(db);
  await sql`create trigger is_not_deleted before delete on packs
    for each row execute function pack_is_not_deleted()`.execute(db);
  await sql`create trigger is_not_truncated before truncate on packs
    for each statement execute function pack_is_not_truncated()`.execute(db);
}
