import { PackBuildEventSchema, type JsonObject, type PackBuildEvent } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';

type Connection = Database['kysely'];

/** An event under its row's own count, which the caller has moved on in the same transaction. */
export async function addEvent(
  db: Connection,
  buildId: string,
  seq: number,
  type: PackBuildEvent['type'],
  data: JsonObject,
): Promise<void> {
  await db
    .insertInto('pack_build_events')
    .values({ build_id: buildId, seq, type, data: JSON.stringify(data) })
    .execute();
}

/** A build's events after `after`, oldest first; undefined when there is no such build. */
export async function readEvents(
  db: Connection,
  buildId: string,
  after: number,
): Promise<readonly PackBuildEvent[] | undefined> {
  const rows = await db
    .selectFrom('pack_build_events')
    .select(['seq', 'type', 'data', 'created_at'])
    .where('build_id', '=', buildId)
    .where('seq', '>', after)
    .orderBy('seq')
    .execute();
  if (rows.length === 0) {
    const build = await db
      .selectFrom('pack_builds')
      .select('build_id')
      .where('build_id', '=', buildId)
      .executeTakeFirst();
    if (build === undefined) return undefined;
  }
  return rows.map(({ seq, type, data, created_at: at }) =>
    PackBuildEventSchema.parse({ seq, type, data, at: at.toISOString() }),
  );
}
