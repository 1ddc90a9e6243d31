import { DawsosError, type PackStatus } from '@dawsos/contracts';

/**
 * The life of a pack:
 *
 *     warming ──▶ fresh ──▶ stale        warming ──▶ error ──▶ warming (built again)
 *
 * `fresh` and `stale` packs are sealed: their content never changes. A restatement supersedes one
 * (`superseded_by`), which leaves its status as it is and keeps it readable by its id.
 */
export const PACK_TRANSITIONS: Readonly<Record<PackStatus, readonly PackStatus[]>> = {
  warming: ['fresh', 'error'],
  fresh: ['stale'],
  stale: [],
  error: ['warming'],
};

export function mayBecome(from: PackStatus, to: PackStatus): boolean {
  return PACK_TRANSITIONS[from].includes(to);
}

/** @throws DawsosError `pack_transition_refused` */
export function requireTransition(packId: string, from: PackStatus, to: PackStatus): void {
  if (mayBecome(from, to)) return;
  const allowed = PACK_TRANSITIONS[from];
  const remedy =
    allowed.length === 0 ? 'nothing follows; build a restatement' : `it may become ${allowed.join(' or ')}`;
  throw new DawsosError(
    'pack_transition_refused',
    `${packId} is ${from} and cannot become ${to}: ${remedy}`,
    {
      extensions: { pack_id: packId, pack_status: from },
    },
  );
}
