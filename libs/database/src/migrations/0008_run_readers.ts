import { sql, type Kysely } from 'kysely';

/**
 * What a key needs beside the portfolio to read a run stands with the run. Of the runs that are there nobody knows:
 * null, which takes a key with every permission.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run add column required_permissions text[] collate "C"`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table run drop column required_permissions`.execute(db);
}
