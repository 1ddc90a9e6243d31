import { isoDate, ONE, type Decimal } from '@dawsos/contracts';
import { unitSizes, type Cost } from '@dawsos/ledger';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { DateField, DecimalField, exact } from './decimal-fields';
import { metaText, openLots, transactions } from './holdings';

export const CostSchema = z.object({
  number: DecimalField.describe('Of one unit.'),
  currency: z.string(),
  date: DateField.nullable().describe('Null where the ledger leaves the lot undated.'),
  label: z.string().nullable(),
});

export const LotSchema = z.object({
  account: z.string(),
  commodity: z.string(),
  name: z.string().nullable(),
  units: DecimalField,
  cost: CostSchema.nullable(),
});
export type LotRow = z.infer<typeof LotSchema>;

export const PortfolioSchema = z.object({
  id: z.string().nullable(),
  name: z.string(),
  base_currency: z.string(),
});

export function portfolioRow({ ledger }: CapabilityContext): z.infer<typeof PortfolioSchema> {
  const { id, name, baseCurrency } = ledger.portfolio();
  return { id, name, base_currency: baseCurrency };
}

/**
 * The open lots at the close of `date`, cash among them; in the commodity's units of that day, should an account book
 * a split later than others.
 */
export function lotRows(context: CapabilityContext, date = context.asofDate): LotRow[] {
  const { ledger } = context;
  const history = transactions(ledger.entries({ to: date }));
  const sizes = unitSizes(history, (commodity) => ledger.facts(commodity), date);
  return openLots(history, ledger.portfolio()).map(({ account, commodity, units, cost }) => {
    const size = sizes.atEnd(account, commodity);
    return {
      account,
      commodity,
      name: metaText(ledger.commodity(commodity), 'name'),
      units: exact(size.equals(ONE) ? units : units.times(size)),
      cost: cost && {
        number: exact(unitCost(cost, size)),
        currency: cost.currency,
        date: cost.date,
        label: cost.label,
      },
    };
  });
}

function unitCost({ number }: Cost, size: Decimal): Decimal {
  return size.equals(ONE) ? number.toDecimal() : number.toDecimal().div(size);
}

export const ledgerPositions = defineCapability({
  name: 'ledger.positions',
  description:
    "The portfolio's open lots at the close of a day (the as-of date by default), by account and lot.",
  args: z.strictObject({ date: DateField.nullish() }),
  result: z.object({ asof_date: DateField, portfolio: PortfolioSchema, positions: z.array(LotSchema) }),
  run: ({ date }, context) => {
    const day = date ? isoDate(date) : context.asofDate;
    return { asof_date: day, portfolio: portfolioRow(context), positions: lotRows(context, day) };
  },
});
