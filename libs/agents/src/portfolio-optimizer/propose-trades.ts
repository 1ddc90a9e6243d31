import { DawsosError, type Decimal } from '@dawsos/contracts';
import { rebalance, type ProposedTrade } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField, figure } from '../financial-analyst/decimal-fields';
import { gapOf, StatedGapSchema } from '../financial-analyst/stated-gap';
import { FractionField, TargetsSchema } from './targets';
import { isValued, PositionFields, tradablesOf } from './tradables';

const NotNegativeField = DecimalField.refine((text) => !text.startsWith('-'), {
  error: 'must not be negative',
});
const PositiveField = DecimalField.refine((text) => Number(text) > 0, { error: 'must be above 0' });

const AllocationSchema = z.object({
  name: z.string().describe('A commodity, or the base currency for all money.'),
  target: DecimalField,
  weight_before: DecimalField,
  drift: DecimalField.describe('weight_before − target.'),
  weight_after: DecimalField,
  drift_after: DecimalField,
  limits: z
    .array(z.enum(['band', 'turnover', 'lot', 'minimum', 'cash']))
    .describe('What keeps weight_after from the target.'),
});

export const TradeSchema = z.object({
  action: z.enum(['buy', 'sell']),
  commodity: z.string(),
  units: DecimalField,
  unit_price: DecimalField.describe("At the pack's price and rate, in base currency."),
  value: DecimalField.describe('In base currency.'),
});

export const proposeTrades = defineCapability({
  name: 'optimizer.propose_trades',
  description:
    'The trades that bring the weights of a policy back: outside drift bands only, and within limits on turnover, lots, ' +
    'the value of a trade and the money there is. All money is one; a trade in a foreign currency converts at the ' +
    "pack's rate. Costs and taxes are not in it.",
  args: z.strictObject({
    positions: z.array(PositionFields),
    targets: TargetsSchema,
    bands: z.record(z.string(), FractionField).nullish(),
    drift_band: FractionField,
    max_turnover: FractionField.nullish(),
    min_trade_value: NotNegativeField,
    lot_size: PositiveField,
    lot_sizes: z.record(z.string(), PositiveField).nullish(),
    untargeted: z.enum(['refuse', 'sell', 'keep']),
  }),
  result: z.object({
    base_currency: z.string(),
    total_value: DecimalField.nullable().describe(
      'What the weights are of: all that is held, less what is kept.',
    ),
    trades: z.array(TradeSchema),
    buys: DecimalField.nullable(),
    sells: DecimalField.nullable(),
    turnover: DecimalField.nullable().describe('max(buys, sells) / total_value.'),
    max_turnover: DecimalField.nullable(),
    cash_before: DecimalField.nullable(),
    cash_after: DecimalField.nullable(),
    allocation: z.array(AllocationSchema),
    kept: z.array(z.string()).describe('Held without a target, and left alone.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: (args, context) => {
    const { baseCurrency } = context.ledger.portfolio();
    const maxTurnover = args.max_turnover ?? null;
    const isKept = (commodity: string): boolean =>
      args.untargeted === 'keep' && !Object.hasOwn(args.targets, commodity);
    const counted = args.positions.filter(({ commodity, is_cash }) => is_cash || !isKept(commodity));
    const unvalued = counted.filter((position) => !isValued(position)).map(({ commodity }) => commodity);
    if (unvalued.length > 0) return noPlan(baseCurrency, maxTurnover, unvalued);
    const { tradables, cash, cashTarget, kept } = tradablesOf(
      args.positions.filter(isValued),
      {
        targets: args.targets,
        bands: args.bands ?? {},
        driftBand: args.drift_band,
        lotSizes: args.lot_sizes ?? {},
        lotSize: args.lot_size,
        untargeted: args.untargeted,
      },
      context,
    );
    const total = tradables.reduce((sum, { value }) => sum.plus(value), cash);
    if (!total.greaterThan(0)) {
      throw new DawsosError(
        'capability_args_invalid',
        'the portfolio is worth nothing, so it has no weights',
      );
    }
    const plan = rebalance({
      tradables,
      cash,
      cashTarget,
      maxTurnover: maxTurnover === null ? null : decimal(maxTurnover),
      minTradeValue: decimal(args.min_trade_value),
    });
    return {
      base_currency: baseCurrency,
      total_value: figure(total),
      trades: plan.trades.flatMap(tradeRow),
      buys: figure(plan.buys),
      sells: figure(plan.sells),
      turnover: figure(plan.turnover),
      max_turnover: maxTurnover,
      cash_before: figure(cash),
      cash_after: figure(plan.cashAfter),
      allocation: [
        ...plan.trades.map((trade) =>
          allocation(
            trade.tradable.name,
            trade.tradable.target,
            trade.tradable.value,
            trade.value,
            total,
            trade.limits,
          ),
        ),
        allocation(baseCurrency, cashTarget, cash, plan.cashAfter.minus(cash), total, []),
      ],
      kept: [...kept],
      gaps: [],
    };
  },
});

/** Weights are of all that is held: without the value of one there is none of any. */
function noPlan(baseCurrency: string, maxTurnover: string | null, unvalued: readonly string[]) {
  const figures = ['total_value', 'trades', 'buys', 'sells', 'turnover', 'cash_before', 'cash_after'];
  const detail = `${unvalued.join(', ')}: held, and without a value on this day, so that nothing has a weight`;
  return {
    base_currency: baseCurrency,
    total_value: null,
    trades: [],
    buys: null,
    sells: null,
    turnover: null,
    max_turnover: maxTurnover,
    cash_before: null,
    cash_after: null,
    allocation: [],
    kept: [],
    gaps: figures.map((name) => gapOf(name, 'price_missing', detail, 'portfolio', unvalued)),
  };
}

function tradeRow({ tradable, units, value }: ProposedTrade): z.infer<typeof TradeSchema>[] {
  if (units.isZero()) return [];
  return [
    {
      action: units.isNegative() ? 'sell' : 'buy',
      commodity: tradable.name,
      units: figure(units.abs()),
      unit_price: figure(tradable.unitPrice),
      value: figure(value.abs()),
    },
  ];
}

function allocation(
  name: string,
  target: Decimal,
  before: Decimal,
  change: Decimal,
  total: Decimal,
  limits: ProposedTrade['limits'],
): z.infer<typeof AllocationSchema> {
  const weightBefore = before.div(total);
  const weightAfter = before.plus(change).div(total);
  return {
    name,
    target: figure(target),
    weight_before: figure(weightBefore),
    drift: figure(weightBefore.minus(target)),
    weight_after: figure(weightAfter),
    drift_after: figure(weightAfter.minus(target)),
    limits: [...limits],
  };
}
