import { ONE, type Decimal } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, decimal, DecimalField, figure } from './decimal-fields';
import { measuredSeries, MeasurementSchema } from './measurement';
import { NavPointsSchema } from './nav-fields';

const HUNDRED = decimal('100');

const SliceSchema = z.object({ key: z.string().nullable(), value: DecimalField.nullable() });
const LineSchema = z.array(z.object({ x: DateField, y: DecimalField }));
const BarSchema = z.array(z.object({ label: z.string(), value: DecimalField }));

export const chartsOverview = defineCapability({
  name: 'charts.overview',
  description: 'Series ready to be drawn: value, growth of 100, fall from the peak, allocation, attribution.',
  args: z.strictObject({
    points: NavPointsSchema,
    measurement: MeasurementSchema.nullish().describe(
      'As portfolio.historical_nav gives it with the points.',
    ),
    sectors: z.array(SliceSchema).nullish(),
    asset_classes: z.array(SliceSchema).nullish(),
    attribution: z
      .object({
        local: DecimalField.nullable(),
        fx: DecimalField.nullable(),
        interaction: DecimalField.nullable(),
      })
      .nullish(),
  }),
  result: z.object({
    nav: LineSchema,
    growth_of_100: LineSchema,
    drawdown: LineSchema.describe('value / running peak − 1 of the wealth index.'),
    sectors: BarSchema.describe(
      'Slices with a positive value; a key that is not known is labelled "unknown".',
    ),
    asset_classes: BarSchema,
    attribution: BarSchema,
  }),
  run: ({ points, measurement, sectors, asset_classes, attribution }) => {
    const { days, span } = measuredSeries(points, measurement);
    const wealth = closes(span?.index ?? []);
    return {
      nav: days.flatMap(({ date, value }) => (value === null ? [] : [{ x: date, y: figure(value) }])),
      growth_of_100: wealth.map(({ date, number }) => ({ x: date, y: figure(number.times(HUNDRED)) })),
      drawdown: fallFromPeak(wealth),
      sectors: slices(sectors ?? []),
      asset_classes: slices(asset_classes ?? []),
      attribution: (['local', 'fx', 'interaction'] as const).flatMap((label) => {
        const value = attribution?.[label] ?? null;
        return value === null ? [] : [{ label, value }];
      }),
    };
  },
});

/** One point a day: a span that begins at a flow has two on its first. */
function closes<T extends { readonly date: string }>(index: readonly T[]): T[] {
  return index.filter(({ date }, place) => index[place + 1]?.date !== date);
}

function fallFromPeak(wealth: readonly { date: string; number: Decimal }[]): z.infer<typeof LineSchema> {
  let peak = ONE;
  return wealth.map(({ date, number }) => {
    if (number.greaterThanOrEqualTo(peak)) {
      peak = number;
      return { x: date, y: '0' };
    }
    return { x: date, y: figure(number.div(peak).minus(ONE)) };
  });
}

/** What is negative, or not known, has no place in a pie. */
function slices(parts: readonly z.infer<typeof SliceSchema>[]): z.infer<typeof BarSchema> {
  return parts.flatMap(({ key, value }) =>
    value !== null && decimal(value).greaterThan(0) ? [{ label: key ?? 'unknown', value }] : [],
  );
}
