import { ZERO, type Decimal } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type LedgerReader } from '../capability';
import { totalValue, valueLots, type ValuedLot } from './apply-pack';
import { DateField, decimal, DecimalField, figure, figureOrNull } from './decimal-fields';
import { byText, metaText } from './holdings';
import { lotRows, portfolioRow, PortfolioSchema } from './ledger-positions';

/** What money is classed as where the ledger's commodity directive does not say. */
export const CASH = 'cash';

export const ValuedPositionSchema = z.object({
  commodity: z.string(),
  name: z.string().nullable(),
  asset_class: z.string().nullable(),
  sector: z.string().nullable(),
  is_cash: z.boolean(),
  quantity: DecimalField,
  price: DecimalField,
  price_currency: z.string(),
  price_date: DateField.nullable(),
  rate: DecimalField.describe('Base currency per unit of price_currency.'),
  local_value: DecimalField,
  value: DecimalField.describe('In base currency.'),
  weight: DecimalField.nullable().describe('value / total value.'),
  cost_basis: DecimalField.nullable().describe(
    'Σ units × unit cost in price_currency; null for cash and where a lot has no cost in that currency.',
  ),
  unrealised_gain: DecimalField.nullable().describe('local_value − cost_basis, in price_currency.'),
  lots: z.int(),
});
type ValuedPosition = z.infer<typeof ValuedPositionSchema>;

export const valuedPositions = defineCapability({
  name: 'portfolio.get_valued_positions',
  description:
    'What the portfolio holds at the close of the as-of date, by commodity, at market: value, weight, cost and ' +
    'unrealised gain.',
  args: z.strictObject({}),
  result: z.object({
    asof_date: DateField,
    portfolio: PortfolioSchema,
    base_currency: z.string(),
    total_value: DecimalField,
    positions: z.array(ValuedPositionSchema),
  }),
  run: (_args, context) => {
    const lots = valueLots(lotRows(context), context);
    const total = totalValue(lots);
    return {
      asof_date: context.asofDate,
      portfolio: portfolioRow(context),
      base_currency: context.ledger.portfolio().baseCurrency,
      total_value: figure(total),
      positions: byCommodity(lots).map((held) => position(held, total, context.ledger)),
    };
  },
});

function byCommodity(lots: readonly ValuedLot[]): [ValuedLot, ...ValuedLot[]][] {
  const groups = new Map<string, [ValuedLot, ...ValuedLot[]]>();
  for (const lot of lots) {
    const group = groups.get(lot.lot.commodity);
    if (group === undefined) groups.set(lot.lot.commodity, [lot]);
    else group.push(lot);
  }
  return [...groups].sort(([a], [b]) => byText(a, b)).map(([, group]) => group);
}

function position(
  lots: readonly [ValuedLot, ...ValuedLot[]],
  total: Decimal,
  ledger: LedgerReader,
): ValuedPosition {
  const [{ lot, price, currency, date, rate }] = lots;
  const { commodity } = lot;
  const isCash = commodity === currency;
  const meta = ledger.commodity(commodity);
  const quantity = lots.reduce((sum, held) => sum.plus(decimal(held.lot.units)), ZERO);
  const localValue = quantity.times(price);
  const value = totalValue(lots);
  const cost = isCash ? null : costBasis(lots, currency);
  return {
    commodity,
    name: lot.name,
    asset_class: metaText(meta, 'asset_class') ?? (isCash ? CASH : null),
    sector: metaText(meta, 'sector') ?? (isCash ? CASH : null),
    is_cash: isCash,
    quantity: figure(quantity),
    price: figure(price),
    price_currency: currency,
    price_date: date,
    rate: figure(rate),
    local_value: figure(localValue),
    value: figure(value),
    weight: figureOrNull(weight(value, total)),
    cost_basis: figureOrNull(cost),
    unrealised_gain: cost === null ? null : figure(localValue.minus(cost)),
    lots: lots.length,
  };
}

function costBasis(lots: readonly ValuedLot[], currency: string): Decimal | null {
  let sum = ZERO;
  for (const { lot } of lots) {
    if (lot.cost?.currency !== currency) return null;
    sum = sum.plus(decimal(lot.units).times(decimal(lot.cost.number)));
  }
  return sum;
}
