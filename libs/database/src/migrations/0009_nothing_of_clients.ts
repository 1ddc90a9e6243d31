import { sql, type Kysely } from 'kysely';

/**
 * What a client puts into headers is not kept: its trace state goes, and of an idempotency key stays a hash under a
 * secret of this database, since only equality is ever asked. The audit's rows are not touched: they are append-only,
 * and keep the keys of before. Beside it, when each API key was last used.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table store_secret (
    name text collate "C" primary key,
    value bytea not null check (length(value) = 32))`.execute(db);
  await sql`insert into store_secret values (
    'idempotency', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'))`.execute(
    db,
  );
  await sql`
    update run set idempotency_key = encode(sha256(value ||
      sha256(value || convert_to(principal_id || chr(10) || idempotency_key, 'UTF8'))), 'hex')
    from store_secret where name = 'idempotency' and idempotency_key is not null`.execute(db);
  await sql`
    update pack_builds set idempotency_key = encode(sha256(value ||
      sha256(value || convert_to(requested_by || chr(10) || idempotency_key, 'UTF8'))), 'hex')
    from store_secret where name = 'idempotency' and idempotency_key is not null`.execute(db);
  await sql`create table api_key_use (
    key_id text collate "C" primary key,
    last_used_at timestamptz(0) not null)`.execute(db);
  await sql`alter table run drop column tracestate`.execute(db);
  await sql`alter table pack_builds drop column tracestate`.execute(db);
}

/** Hashes stay hashes: a key that comes again after this is taken for a new one. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run add column tracestate text collate "C"`.execute(db);
  await sql`alter table pack_builds add column tracestate text`.execute(db);
  await sql`drop table api_key_use`.execute(db);
  await sql`drop table store_secret`.execute(db);
}
