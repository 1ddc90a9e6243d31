import { ONE, ZERO, type Decimal } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField, figure } from '../financial-analyst/decimal-fields';

const StateSchema = z.object({
  when: z.enum(['before', 'after']),
  positions: z.int(),
  largest_weight: DecimalField,
  top_10_weight: DecimalField,
  concentration: DecimalField.describe('Herfindahl-Hirschman index: Σ weight², from 1 / n to 1.'),
  effective_positions: DecimalField.describe('1 / concentration.'),
  cash_weight: DecimalField,
  largest_drift: DecimalField.describe('The largest distance of a weight from its target.'),
  total_drift: DecimalField.describe('Half the sum of the distances: what would have to be traded.'),
});

const AllocationFields = z.array(
  z.object({
    name: z.string(),
    weight_before: DecimalField,
    weight_after: DecimalField,
    drift: DecimalField,
    drift_after: DecimalField,
  }),
);

export const analyzeImpact = defineCapability({
  name: 'optimizer.analyze_impact',
  description:
    'What proposed trades change: concentration (O. C. Herfindahl, A. O. Hirschman), cash, and the distance from the targets.',
  args: z.strictObject({ allocation: AllocationFields, base_currency: z.string() }),
  result: z.object({ states: z.array(StateSchema) }),
  run: ({ allocation, base_currency }) => {
    const state = (when: 'before' | 'after'): z.infer<typeof StateSchema> => {
      const rows = allocation.map((row) => ({
        name: row.name,
        weight: decimal(when === 'before' ? row.weight_before : row.weight_after),
        drift: decimal(when === 'before' ? row.drift : row.drift_after).abs(),
      }));
      const invested = rows
        .filter(({ name, weight }) => name !== base_currency && !weight.isZero())
        .map(({ weight }) => weight)
        .sort((a, b) => b.comparedTo(a));
      const concentration = sum(invested.map((weight) => weight.pow(2)));
      return {
        when,
        positions: invested.length,
        largest_weight: figure(invested[0] ?? ZERO),
        top_10_weight: figure(sum(invested.slice(0, 10))),
        concentration: figure(concentration),
        effective_positions: figure(concentration.isZero() ? ZERO : ONE.div(concentration)),
        cash_weight: figure(
          sum(rows.filter(({ name }) => name === base_currency).map(({ weight }) => weight)),
        ),
        largest_drift: figure(rows.map(({ drift }) => drift).sort((a, b) => b.comparedTo(a))[0] ?? ZERO),
        total_drift: figure(sum(rows.map(({ drift }) => drift)).div(2)),
      };
    };
    // Where nothing could be planned there is nothing to compare.
    return { states: allocation.length === 0 ? [] : [state('before'), state('after')] };
  },
});

const sum = (values: readonly Decimal[]): Decimal => values.reduce((total, value) => total.plus(value), ZERO);
