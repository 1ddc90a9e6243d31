import { DawsosError, isIsoDate, PackIdSchema, type IsoDate } from '@dawsos/contracts';

/** The policy of a pack whose id has no suffix: closing prices, as the sources state them. */
export const DEFAULT_POLICY = 'CLOSE';

const POLICY = /^[A-Z0-9]{1,20}$/;
const RESTATEMENT = /D([1-9]\d{0,2})$/;

export interface PackKey {
  readonly asofDate: IsoDate;
  readonly policy: string;
  /** 0 for the first pack of a day and policy. */
  readonly restatement: number;
}

/**
 * `PP_2025-10-22` for the default policy, `PP_2025-10-22_WM4` for another; a restatement ends with `D1`, `D2` …
 * (`PP_2025-10-22_D1`, `PP_2025-10-22_WM4D1`).
 * @throws DawsosError `invalid_request` for a policy that is not 1 to 20 upper-case letters and digits, or that
 * ends like a restatement.
 */
export function packId(key: PackKey): string {
  if (!POLICY.test(key.policy) || RESTATEMENT.test(key.policy)) {
    throw new DawsosError(
      'invalid_request',
      `"${key.policy}" is not a pack policy: write 1 to 20 upper-case letters and digits, not ending in D and a number`,
    );
  }
  const policy = key.policy === DEFAULT_POLICY ? '' : key.policy;
  const restatement = key.restatement === 0 ? '' : `D${String(key.restatement)}`;
  const suffix = policy + restatement;
  return suffix === '' ? `PP_${key.asofDate}` : `PP_${key.asofDate}_${suffix}`;
}

/** @throws DawsosError `invalid_request` when `id` is not a pack id. */
export function parsePackId(id: string): PackKey {
  const date = id.slice(3, 13);
  if (!PackIdSchema.safeParse(id).success || !isIsoDate(date)) {
    throw new DawsosError('invalid_request', `"${id}" is not a pack id; write it as PP_2025-10-22`);
  }
  const suffix = id.slice(14);
  const number = RESTATEMENT.exec(suffix);
  const policy = number === null ? suffix : suffix.slice(0, number.index);
  return {
    asofDate: date,
    policy: policy === '' ? DEFAULT_POLICY : policy,
    restatement: number === null ? 0 : Number(number[1]),
  };
}
