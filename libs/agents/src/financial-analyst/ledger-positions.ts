import { isoDate } from '@dawsos/contracts';
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

/** The open lots at the close of `date`, cash among them. */
export function lotRows(context: CapabilityContext, date = context.asofDate): LotRow[] {
  const { ledger } = context;
  return openLots(transactions(ledger.entries({ to: date })), ledger.portfolio()).map(
    ({ account, commodity, units, cost }) => ({
      account,
      commodity,
      name: metaText(ledger.commodity(commodity), 'name'),
      units: exact(units),
      cost: cost && {
        number: exact(cost.number.toDecimal()),
        currency: cost.currency,
        date: cost.date,
        label: cost.label,
      },
    }),
  );
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
