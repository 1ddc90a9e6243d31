import { DawsosError, type PackSummary } from '@dawsos/contracts';
import { PACK_IMMUTABLE_SQLSTATE, PACK_TRANSITION_SQLSTATE } from '@dawsos/database';

const LOCK_NOT_AVAILABLE = '55P03';

function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What the database's own guards refused, as errors that callers know; anything else as it is. */
export function asPackError(error: unknown): unknown {
  const state = sqlState(error);
  const message = error instanceof Error ? error.message : '';
  if (state === PACK_IMMUTABLE_SQLSTATE) return new DawsosError('pack_immutable', message, { cause: error });
  if (state === PACK_TRANSITION_SQLSTATE) {
    return new DawsosError('pack_transition_refused', message, { cause: error });
  }
  return error;
}

export function isLocked(error: unknown): boolean {
  return sqlState(error) === LOCK_NOT_AVAILABLE;
}

export function unknownPack(id: string): DawsosError {
  return new DawsosError('pack_not_found', `there is no pack ${id}`, { extensions: { pack_id: id } });
}

const RETRY_SECONDS = 15;

export function beingBuilt(id: string): DawsosError {
  return new DawsosError('pack_not_fresh', `${id} is being built by another builder`, {
    retryAfterSeconds: RETRY_SECONDS,
    extensions: { pack_id: id, pack_status: 'warming' },
  });
}

export function notBuilt(pack: PackSummary): DawsosError {
  return new DawsosError('pack_not_fresh', `${pack.pack_id} is ${pack.status}: it has no content yet`, {
    retryAfterSeconds: RETRY_SECONDS,
    extensions: { pack_id: pack.pack_id, pack_status: pack.status },
  });
}
