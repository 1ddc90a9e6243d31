import { addDays, isDawsosError, type IsoDate } from '@dawsos/contracts';
import { z } from 'zod';
import type { CapabilityContext } from '../capability';
import { gapOf, type StatedGap } from '../financial-analyst/stated-gap';
import { knownMonths, type MonthlyPoint } from './monthly-series';

export const SeriesField = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9_.-]{0,63}$/, { error: 'must be the id of a series, such as CPIAUCSL' });
export const LagField = z
  .int()
  .nonnegative()
  .max(366)
  .describe("Days from a month's end until its figures are out: earlier, the as-of date does not know them.");

export interface KnownSeries {
  readonly source: string;
  readonly points: readonly MonthlyPoint[];
}

/** Half a century: more than any window asks for. */
const DAYS_BACK = 18_300;

/** The months of a series that were out by the as-of date. Later revisions of them are in it: no vintages are read. */
export async function readKnownMonths(
  id: string,
  lagDays: number,
  { source, asofDate }: CapabilityContext,
): Promise<KnownSeries> {
  const from: IsoDate = addDays(asofDate, -DAYS_BACK);
  const found = await source.macroSeries(id, from, asofDate);
  return { source: found.source, points: knownMonths(found.value.observations, asofDate, lagDays) };
}

/** The same, or null and a gap where no source that is set up has the series: what rests on others is still told. */
export async function knownMonthsOrGap(
  id: string,
  lagDays: number,
  context: CapabilityContext,
  { figure, gaps }: { readonly figure: string; readonly gaps: StatedGap[] },
): Promise<KnownSeries | null> {
  try {
    return await readKnownMonths(id, lagDays, context);
  } catch (error) {
    if (!isDawsosError(error) || error.code !== 'series_not_found') throw error;
    gaps.push(gapOf(figure, error.code, error.message, 'row', [id]));
    return null;
  }
}
