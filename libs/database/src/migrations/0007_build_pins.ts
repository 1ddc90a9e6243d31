import { sql, type Kysely } from 'kysely';

/** What a build is to be made from, fixed when it is asked for; null where it is left to the builder. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table pack_builds
      add column ledger_commit_hash text collate "C",
      add column sources text collate "C"`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table pack_builds drop column ledger_commit_hash, drop column sources`.execute(db);
}
