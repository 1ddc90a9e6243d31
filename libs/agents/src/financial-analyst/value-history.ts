import { ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { CONVENTIONS, ConventionsSchema } from './conventions';
import { DateField, DecimalField, figure, figureOrNull } from './decimal-fields';
import { measuredSeries, MeasurementSchema } from './measurement';
import { NavPointsSchema } from './nav-fields';

const PointSchema = z.object({
  date: DateField,
  value: DecimalField.nullable(),
  flow: DecimalField.nullable(),
  drawdown: DecimalField.nullable().describe('value / running peak − 1 of the index that flows do not move.'),
});

export const valueHistory = defineCapability({
  name: 'charts.value_history',
  description:
    'Value over time with the external flows and the fall from the highest point so far, and how much was paid in, net.',
  args: z.strictObject({
    points: NavPointsSchema,
    measurement: MeasurementSchema.nullish().describe(
      'As portfolio.historical_nav gives it with the points.',
    ),
  }),
  result: z.object({
    base_currency: z.string().nullable(),
    start: DateField.nullable(),
    points: z.array(PointSchema),
    paid_in: DecimalField.nullable().describe('The opening value and all flows.'),
    lowest: z.object({ date: DateField, drawdown: DecimalField }).nullable(),
    conventions: ConventionsSchema,
  }),
  run: ({ points, measurement }) => {
    const { days, span } = measuredSeries(points, measurement);
    const falls = fallsOf(span?.index ?? []);
    const lowest = [...falls].reduce<readonly [IsoDate, Decimal] | null>(
      (least, one) => (least === null || one[1].lessThan(least[1]) ? one : least),
      null,
    );
    const flows = days.slice(1).map(({ flow }) => flow);
    const opening = days[0]?.value ?? null;
    return {
      base_currency: measurement?.base_currency ?? null,
      start: days[0]?.date ?? null,
      points: days.map(({ date, value, flow }) => ({
        date,
        value: figureOrNull(value),
        flow: figureOrNull(flow),
        drawdown: figureOrNull(falls.get(date) ?? null),
      })),
      paid_in: figureOrNull(
        flows.reduce<Decimal | null>(
          (sum, flow) => (sum === null || flow === null ? null : sum.plus(flow)),
          opening,
        ),
      ),
      lowest: lowest && { date: lowest[0], drawdown: figure(lowest[1]) },
      conventions: { drawdown: CONVENTIONS.drawdown },
    };
  },
});

/** The last point of each day counts: a span that begins at a flow has two on its first. */
function fallsOf(
  index: readonly { readonly date: IsoDate; readonly number: Decimal }[],
): Map<IsoDate, Decimal> {
  let peak: Decimal | null = null;
  const falls = new Map<IsoDate, Decimal>();
  for (const { date, number } of index) {
    if (peak === null || number.greaterThan(peak)) peak = number;
    falls.set(date, peak.isZero() ? ZERO : number.div(peak).minus(ONE));
  }
  return falls;
}
