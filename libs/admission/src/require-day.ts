import { DawsosError } from '@dawsos/contracts';

const DAY_MS = 86_400_000;
const DAY_OF_PACK = /^PP_(\d{4}-\d{2}-\d{2})/;

/**
 * A day that has come somewhere on earth. No price is of a later one, so what is asked for it is a mistake, and builds
 * for it would fill the store.
 * @throws DawsosError `invalid_request`
 */
export function requireDayThatCame(
  asked: { readonly asof_date?: string | undefined; readonly pricing_pack_id?: string | undefined },
  now: Date,
): void {
  const tomorrow = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
  const days = [
    ['asof_date', asked.asof_date],
    ['pricing_pack_id', DAY_OF_PACK.exec(asked.pricing_pack_id ?? '')?.[1]],
  ] as const;
  for (const [field, day] of days) {
    if (day === undefined || day <= tomorrow) continue;
    throw new DawsosError('invalid_request', `${day} has not come yet; name a day up to today.`, {
      errors: [{ pointer: `/${field}`, detail: 'is a day that has not come yet' }],
    });
  }
}
