import { isDawsosError, type ErrorCode } from '@dawsos/contracts';
import { z } from 'zod';

/** A figure that cannot be given, and why: it stands in the result as null with such a gap beside it. */
export const StatedGapSchema = z.object({
  figure: z.string(),
  code: z.string(),
  detail: z.string(),
});
export type StatedGap = z.infer<typeof StatedGapSchema>;

const STATEABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['insufficient_history', 'no_solution']);

/** The figure, or null and a gap in `gaps` where there is too little history or no solution. Other errors pass. */
export function figureOrGap<T>(name: string, gaps: StatedGap[], compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (!isDawsosError(error) || !STATEABLE.has(error.code)) throw error;
    gaps.push({ figure: name, code: error.code, detail: error.message });
    return null;
  }
}
