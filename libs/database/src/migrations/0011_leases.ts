import { sql, type Kysely } from 'kysely';

/** Who does what one process alone does: it holds a lease for seconds and renews it, so that a dead holder's runs out. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lease (
      name text collate "C" primary key,
      holder text collate "C" not null,
      expires_at timestamptz not null
    ) with (fillfactor = 20)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table lease`.execute(db);
}
