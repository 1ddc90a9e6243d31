import { ERROR_CODES, isDawsosError, isErrorCode, type ErrorCode } from '@dawsos/contracts';
import { z } from 'zod';

/** A figure that cannot be given, and why: it stands in the result as null with such a gap beside it. */
export const StatedGapSchema = z.object({
  figure: z.string(),
  code: z.string(),
  detail: z.string(),
  scope: z
    .enum(['portfolio', 'row', 'day'])
    .exactOptional()
    .describe(
      'What cannot be told: all of it, one row, or what happened on a day; the portfolio where it is not said.',
    ),
  needs: z.array(z.string()).exactOptional().describe('What is missing: a price, a rate, an input.'),
  remedy: z
    .string()
    .exactOptional()
    .describe('What would fill it; where it is a line of the ledger, that line.'),
});
export type StatedGap = z.infer<typeof StatedGapSchema>;

/** Errors that are about one figure, not about the request, the ledger, the pack or a bug: they never end a run. */
const STATEABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'insufficient_history',
  'no_solution',
  'price_missing',
  'rate_missing',
  'prices_look_adjusted',
  'split_unclear',
  'unit_size_unclear',
]);

/** The figure, or null and a gap in `gaps` where what it needs is missing. Other errors pass. */
export function figureOrGap<T>(
  name: string,
  gaps: StatedGap[],
  compute: () => T,
  scope?: StatedGap['scope'],
): T | null {
  try {
    return compute();
  } catch (error) {
    if (!isDawsosError(error) || !STATEABLE.has(error.code)) throw error;
    gaps.push(gapOf(name, error.code, error.message, scope, neededBy(error.extensions)));
    return null;
  }
}

/** A gap with the remedy of its code. */
export function gapOf(
  name: string,
  code: string,
  detail: string,
  scope?: StatedGap['scope'],
  needs: readonly string[] = [],
): StatedGap {
  const remedy = isErrorCode(code) ? ERROR_CODES[code].remedy : undefined;
  return {
    figure: name,
    code,
    detail,
    ...(scope === undefined ? {} : { scope }),
    ...(needs.length === 0 ? {} : { needs: [...needs] }),
    ...(remedy === undefined || (code !== 'price_missing' && code !== 'rate_missing') ? {} : { remedy }),
  };
}

/** The price or rate that an error of the pack names: `ABC@2024-01-02`, `USD:CAD@2015-02-02`. */
function neededBy(extensions: Readonly<Record<string, unknown>> | undefined): string[] {
  const { commodity, base, quote, date } = extensions ?? {};
  if (typeof date !== 'string') return [];
  if (typeof commodity === 'string') return [`${commodity}@${date}`];
  return typeof base === 'string' && typeof quote === 'string' ? [`${base}:${quote}@${date}`] : [];
}

/** Gaps of a figure that another one rests on, restated for it. */
export function gapsFor(figures: readonly string[], reasons: readonly StatedGap[]): StatedGap[] {
  return figures.flatMap((figure) => reasons.map((reason) => ({ ...reason, figure })));
}
