import { ZERO, type Decimal } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type LedgerReader } from '../capability';
import {
  AgeFields,
  ageRow,
  partialRow,
  partialTotal,
  PartialTotalSchema,
  totalGaps,
  priceLots,
  withoutCounters,
  type PricedLot,
} from './apply-pack';
import { BaseCurrencyField, reportedIn } from './base-currency';
import { CONVENTIONS, ConventionsSchema } from './conventions';
import { DateField, decimal, DecimalField, exact, figure, figureOrNull } from './decimal-fields';
import { byText, metaText } from './holdings';
import { lotRows, portfolioRow, PortfolioSchema } from './ledger-positions';
import { StatedGapSchema, type StatedGap } from './stated-gap';

/** What money is classed as where the ledger's commodity directive does not say. */
export const CASH = 'cash';

export const ValuedPositionSchema = z.object({
  commodity: z.string(),
  name: z.string().nullable(),
  asset_class: z.string().nullable(),
  sector: z.string().nullable(),
  is_cash: z.boolean(),
  quantity: DecimalField,
  price: DecimalField.nullable(),
  price_currency: z.string().nullable(),
  price_date: DateField.nullable(),
  rate: DecimalField.nullable().describe('Base currency per unit of price_currency.'),
  local_value: DecimalField.nullable(),
  value: DecimalField.nullable().describe(
    'In base currency; null where the pack does not tell its price or rate.',
  ),
  weight: DecimalField.nullable().describe('value / total value.'),
  cost_basis: DecimalField.nullable().describe(
    'Σ units × unit cost in price_currency; null for cash and where a lot has no cost in that currency.',
  ),
  unrealised_gain: DecimalField.nullable().describe('local_value − cost_basis, in price_currency.'),
  lots: z.int(),
  ...AgeFields,
});
type ValuedPosition = z.infer<typeof ValuedPositionSchema>;

export const valuedPositions = defineCapability({
  name: 'portfolio.get_valued_positions',
  description:
    'What the portfolio holds at the close of the as-of date, by commodity, at market: value, weight, cost and ' +
    'unrealised gain.',
  args: z.strictObject({ base_currency: BaseCurrencyField }),
  result: z.object({
    asof_date: DateField,
    portfolio: PortfolioSchema,
    base_currency: z.string(),
    total_value: DecimalField.nullable(),
    partial_total: PartialTotalSchema,
    positions: z.array(ValuedPositionSchema),
    left_out: z.array(z.string()).describe('Counters (hours, allowances), which have no value.'),
    conventions: ConventionsSchema,
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ base_currency }, given) => {
    const context = reportedIn(given, base_currency);
    const gaps: StatedGap[] = [];
    const { lots: held, leftOut } = withoutCounters(lotRows(context), context);
    const lots = priceLots(held, context, gaps);
    const sum = partialTotal(lots.map(({ value }) => value));
    gaps.push(...totalGaps(sum, gaps));
    const { id, baseCurrency } = context.ledger.portfolio();
    return {
      asof_date: context.asofDate,
      portfolio: portfolioRow(context),
      base_currency: baseCurrency,
      total_value: figureOrNull(sum.total),
      partial_total: partialRow(sum),
      positions: byCommodity(lots).map((group) => position(group, sum.total, context.ledger)),
      left_out: leftOut,
      conventions: {
        scope: `${id === null ? 'whole ledger' : `portfolio ${id}`}, base ${baseCurrency}`,
        value: CONVENTIONS.prices,
      },
      gaps,
    };
  },
});

function byCommodity(lots: readonly PricedLot[]): [PricedLot, ...PricedLot[]][] {
  const groups = new Map<string, [PricedLot, ...PricedLot[]]>();
  for (const lot of lots) {
    const group = groups.get(lot.lot.commodity);
    if (group === undefined) groups.set(lot.lot.commodity, [lot]);
    else group.push(lot);
  }
  return [...groups].sort(([a], [b]) => byText(a, b)).map(([, group]) => group);
}

function position(
  lots: readonly [PricedLot, ...PricedLot[]],
  total: Decimal | null,
  ledger: LedgerReader,
): ValuedPosition {
  const [{ lot, price, currency, date, rate }] = lots;
  const { commodity } = lot;
  const isCash = commodity === currency;
  const meta = ledger.commodity(commodity);
  const quantity = lots.reduce((sum, held) => sum.plus(decimal(held.lot.units)), ZERO);
  const localValue = price && quantity.times(price);
  const { total: value } = partialTotal(lots.map((held) => held.value));
  const cost = isCash || currency === null ? null : costBasis(lots, currency);
  return {
    commodity,
    name: lot.name,
    asset_class: metaText(meta, 'asset_class') ?? (isCash ? CASH : null),
    sector: metaText(meta, 'sector') ?? (isCash ? CASH : null),
    is_cash: isCash,
    quantity: figure(quantity),
    price: price && exact(price),
    price_currency: currency,
    price_date: date,
    rate: figureOrNull(rate),
    local_value: figureOrNull(localValue),
    value: figureOrNull(value),
    weight: figureOrNull(value && total && weight(value, total)),
    cost_basis: figureOrNull(cost),
    unrealised_gain: cost === null || localValue === null ? null : figure(localValue.minus(cost)),
    lots: lots.length,
    ...ageRow(lots[0]),
  };
}

function costBasis(lots: readonly PricedLot[], currency: string): Decimal | null {
  let sum = ZERO;
  for (const { lot } of lots) {
    if (lot.cost?.currency !== currency) return null;
    sum = sum.plus(decimal(lot.units).times(decimal(lot.cost.number)));
  }
  return sum;
}
