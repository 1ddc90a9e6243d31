import type { Database } from '@dawsos/database';
import { sql } from 'kysely';
import { addEvent } from './build-events';
import { lost, succeeded, type BuildAttempt } from './pack-builds';

/**
 * Ends the attempt's build as succeeded, in the transaction that seals its pack: both are seen, or neither.
 * @throws DawsosError `lock_lost` when another attempt has the build
 */
export async function endBuild(
  trx: Database['kysely'],
  attempt: BuildAttempt,
  packId: string,
): Promise<void> {
  const { rows } = await sql<{ last_event: number }>`
    update pack_builds set ${succeeded(packId, true)}, updated_at = now(), last_event = last_event + 1
    where build_id = ${attempt.buildId} and attempts = ${attempt.attempt} and state = 'running'
    returning last_event`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw lost(attempt.buildId, attempt.attempt);
  const data = { state: 'succeeded', pack_id: packId, created: true };
  await addEvent(trx, attempt.buildId, row.last_event, 'build.finished', data);
}
