import { ZERO, type Decimal } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { bookedCosts } from './booked-costs';
import { decimal, DecimalField, figureOrNull } from './decimal-fields';
import { lotRows } from './ledger-positions';
import { gapOf, StatedGapSchema, type StatedGap } from './stated-gap';
import { ValuedPositionSchema } from './valued-positions';

const CostedPositionSchema = ValuedPositionSchema.extend({
  cost_base: DecimalField.nullable().describe(
    'At the rate of the day of each acquisition, without the costs of buying; null for money.',
  ),
  gain_base: DecimalField.nullable().describe('value − cost_base.'),
  gain_fraction: DecimalField.nullable().describe('Of cost_base.'),
  is_base: z.boolean().describe('Priced in base currency: no rate is needed.'),
});

export const positionCosts = defineCapability({
  name: 'portfolio.position_costs',
  description:
    'The valued positions with cost and unrealised gain in base currency, from the lot book: each cost at the rate of the ' +
    'day of its acquisition.',
  args: z.strictObject({ positions: z.array(ValuedPositionSchema), base_currency: BaseCurrencyField }),
  result: z.object({
    base_currency: z.string(),
    positions: z.array(CostedPositionSchema),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ positions, base_currency }, given) => {
    const context = reportedIn(given, base_currency);
    const { baseCurrency } = context.ledger.portfolio();
    const costs = bookedCosts(context);
    const lots = Map.groupBy(lotRows(context), ({ commodity }) => commodity);
    const gaps: StatedGap[] = [];
    const rows = positions.map((position): z.infer<typeof CostedPositionSchema> => {
      const { commodity, is_cash } = position;
      const cost = is_cash
        ? null
        : (lots.get(commodity) ?? []).reduce<Decimal | null>((sum, lot) => {
            const one = costs.of(lot)?.cost ?? null;
            return sum === null || one === null ? null : sum.plus(one);
          }, ZERO);
      if (cost === null && !is_cash) gaps.push(gapFor(commodity, costs.lacksOf(commodity)));
      const gain = cost && position.value !== null ? decimal(position.value).minus(cost) : null;
      return {
        ...position,
        cost_base: figureOrNull(cost),
        gain_base: figureOrNull(gain),
        gain_fraction: figureOrNull(cost && gain && weight(gain, cost)),
        is_base: position.price_currency === baseCurrency,
      };
    });
    return { base_currency: baseCurrency, positions: rows, gaps };
  },
});

function gapFor(
  commodity: string,
  [lack]: readonly { readonly code: string; readonly detail: string }[],
): StatedGap {
  const { code, detail } = lack ?? {
    code: 'cost_missing',
    detail: 'a lot has no cost, or no day to convert it at',
  };
  return gapOf(`cost of ${commodity}`, code, detail, 'row');
}
