import { sql, type Kysely } from 'kysely';

/** Which of its principal's open runs a run was when it was accepted: what the queue is fair by, the sweeper too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run add column queue_place int not null default 1`.execute(db);
  await sql`create index run_open_by_principal on run (principal_id) where finished_at is null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index run_open_by_principal`.execute(db);
  await sql`alter table run drop column queue_place`.execute(db);
}
