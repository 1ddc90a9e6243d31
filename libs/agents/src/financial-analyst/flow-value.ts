import { Decimal, ONE } from '@dawsos/contracts';
import { returnSteps, type NavDay, type ReturnStep } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { DateField, DecimalField, figure, figureOrNull } from './decimal-fields';

/** A Modified Dietz stretch and what carried prices would have given in its place. */
export const StretchSchema = z.object({
  start: DateField,
  end: DateField,
  modified_dietz: DecimalField,
  carried: DecimalField.nullable().describe('Linked at flows with the prices carried from before.'),
});
type Stretch = z.infer<typeof StretchSchema>;

/** Ten basis points: beyond, the value at the flow decides the figure. */
const UNCERTAIN = new Decimal('0.001');

export function stretchRows(steps: ReturnType<typeof returnSteps>, days: readonly NavDay[]): Stretch[] {
  return steps
    .filter((step): step is ReturnStep => step.kind === 'dietz')
    .filter(({ base }) => base.greaterThan(0))
    .map(({ from, to, base, end, stretch }) => ({
      start: days[from]?.date ?? '',
      end: days[to]?.date ?? '',
      modified_dietz: figure(end.div(base).minus(ONE)),
      carried: figureOrNull(carriedReturn(days.slice(from, to + 1), stretch?.toClose ?? true)),
    }));
}

/** The same days with each flow at the prices carried to it. */
function carriedReturn(days: readonly NavDay[], toClose: boolean): Decimal | null {
  const fresh = days.map(({ stale: _stale, ...day }, index): NavDay => {
    const last = index === days.length - 1;
    if (!last || toClose || day.before === undefined) return day;
    // The stretch ends before the flows of its last day.
    const { date, flow, before } = day;
    return { date, value: before, flow: flow && flow.times(0) };
  });
  let growth: Decimal = ONE;
  for (const step of returnSteps(fresh)) {
    if (step.kind === 'unknown' || !step.base.greaterThan(0)) return null;
    growth = growth.times(step.end).div(step.base);
  }
  return growth.minus(ONE);
}

export function flowValueNotes(stretches: readonly Stretch[]): string[] {
  return stretches.flatMap(({ start, end, modified_dietz, carried }) => {
    if (carried === null) return [];
    if (new Decimal(carried).minus(modified_dietz).abs().lessThanOrEqualTo(UNCERTAIN)) return [];
    return [
      `flow_value_uncertain: from ${start} to ${end} flows came at prices older than 31 days; Modified Dietz gives ${modified_dietz}, carried prices ${carried}`,
    ];
  });
}
