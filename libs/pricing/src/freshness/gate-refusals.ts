import {
  DawsosError,
  type Decimal,
  type PackStatus,
  type PackSummary,
  type RepairOrder,
} from '@dawsos/contracts';
import type { FoundPack } from './find-pack';
import type { PackAge } from './pack-age';
import type { NeededQuote, WorthAssessment } from './worth';

/** Seconds after which asking again may help. */
const RETRY_AFTER: Readonly<Record<PackStatus, number>> = { warming: 15, stale: 60, error: 300, fresh: 60 };
const NEEDED_IN_WORDS = 3;

/** The refusal of a pack whose state or age does not pass. */
export function notFresh(
  { pack, newer }: FoundPack,
  age: PackAge,
  assessment: WorthAssessment,
  repair: RepairOrder | undefined,
): DawsosError {
  const building = newer === undefined ? '' : `; ${newer.pack_id} is ${newer.status}`;
  return new DawsosError(
    'pack_not_fresh',
    `${pack.pack_id} is ${age.status}: ${age.reason ?? 'it is not ready'}${building}`,
    {
      retryAfterSeconds: newer?.status === 'warming' ? RETRY_AFTER.warming : RETRY_AFTER[age.status],
      extensions: {
        pack_id: pack.pack_id,
        pack_status: age.status,
        age_business_days: age.businessDays,
        ...worthOf(assessment),
        ...(newer === undefined ? {} : { newer_pack_id: newer.pack_id, newer_pack_status: newer.status }),
        ...(pack.superseded_by === null ? {} : { superseded_by: pack.superseded_by }),
        ...(repair === undefined ? {} : { repair }),
      },
    },
  );
}

/** The refusal of what can be further off than the limit. */
export function tooFarOff(
  pack: PackSummary,
  assessment: WorthAssessment,
  limit: Decimal,
  repair: RepairOrder | undefined,
): DawsosError {
  const { bound_bp: bound, stale_share: share, asked, needed } = assessment;
  const off = bound === null ? 'by an amount that cannot be bounded' : `by ${bound} basis points`;
  return new DawsosError(
    'pack_not_fresh',
    `${pack.pack_id} can be off ${off} on ${asked} (allowed: ${limit.toFixed()}); ${share} of the value rests on prices that are too old${inWords(needed)}`,
    {
      retryAfterSeconds: RETRY_AFTER.stale,
      extensions: {
        pack_id: pack.pack_id,
        pack_status: 'stale',
        ...worthOf(assessment),
        ...(repair === undefined ? {} : { repair }),
      },
    },
  );
}

function worthOf({ stale_share, bound_bp, confidence }: WorthAssessment) {
  return { stale_share, bound_bp, confidence };
}

function inWords(needed: readonly NeededQuote[]): string {
  if (needed.length === 0) return '';
  const named = needed.slice(0, NEEDED_IN_WORDS).map(({ name, date }) => `${name} of ${date}`);
  const more = needed.length - named.length;
  return `; needed: ${named.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
