import { isoDate, type IsoDate } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { DateField, DecimalField, figure } from '../financial-analyst/decimal-fields';
import { metaText } from '../financial-analyst/holdings';
import { StatedGapSchema } from '../financial-analyst/stated-gap';
import { saleGaps } from './tax-gaps';
import { taxHistory, type Sale } from './tax-history';

export const TaxYearField = z
  .int()
  .min(1900)
  .max(9998)
  .describe('A calendar year; trades count by trade date.');
export const TermField = z
  .enum(['short', 'long'])
  .nullable()
  .describe(
    'Long: held for more than a year, counted from the day after the acquisition. Null: undated lot.',
  );

export const SaleSchema = z.object({
  date: DateField,
  account: z.string(),
  commodity: z.string(),
  name: z.string().nullable(),
  acquired: DateField.nullable(),
  held_from: DateField.nullable().describe(
    'Earlier than acquired where a wash sale added its holding period.',
  ),
  term: TermField,
  units: DecimalField,
  proceeds: DecimalField.describe('units × price, in price_currency.'),
  price_currency: z.string(),
  cost: DecimalField.describe('As booked, in cost_currency.'),
  cost_currency: z.string(),
  selling_costs_base: DecimalField,
  proceeds_base: DecimalField.describe('At the rate of the day of the sale, selling costs taken off.'),
  basis_base: DecimalField.describe(
    'Cost and purchase costs at the rate of the day of the acquisition, and what wash sales added.',
  ),
  gain_base: DecimalField.describe('proceeds_base − basis_base.'),
  disallowed_base: DecimalField.describe('The part of a loss that a wash sale defers.'),
  recognised_base: DecimalField.describe('gain_base + disallowed_base.'),
});

export function period(
  taxYear: number,
  asofDate: IsoDate,
): { start: IsoDate; end: IsoDate; complete: boolean } {
  const end = isoDate(`${String(taxYear)}-12-31`);
  return {
    start: isoDate(`${String(taxYear)}-01-01`),
    end: end < asofDate ? end : asofDate,
    complete: end <= asofDate,
  };
}

export function salesOfYear(sales: readonly Sale[], taxYear: number): Sale[] {
  return sales.filter(({ taxed }) => taxed.sold.date.startsWith(`${String(taxYear)}-`));
}

export const realisedGains = defineCapability({
  name: 'tax.realized_gains',
  description:
    'The sales of a calendar year by lot, as the ledger booked them: proceeds, basis, gain, term, and the loss that ' +
    'a wash sale defers.',
  args: z.strictObject({ tax_year: TaxYearField }),
  result: z.object({
    tax_year: z.int(),
    base_currency: z.string(),
    period: z.object({ start: DateField, end: DateField, complete: z.boolean() }),
    accounts: z.array(z.string()).describe('What the report covers; purchases elsewhere are not seen.'),
    sales: z.array(SaleSchema),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ tax_year }, context) => {
    const { baseCurrency, accountPrefixes } = context.ledger.portfolio();
    const history = taxHistory(context);
    return {
      tax_year,
      base_currency: baseCurrency,
      period: period(tax_year, context.asofDate),
      accounts: [...accountPrefixes],
      sales: salesOfYear(history.sales, tax_year).map((sale) => saleRow(sale, context)),
      gaps: saleGaps(history, context),
    };
  },
});

function saleRow(
  { movement, share, sellingCostsBase, taxed }: Sale,
  context: CapabilityContext,
): z.infer<typeof SaleSchema> {
  const { posting, cost, commodity, transaction } = movement;
  const units = movement.units.abs().times(share);
  const price = posting.price ?? cost;
  return {
    date: transaction.date,
    account: posting.account,
    commodity,
    name: metaText(context.ledger.commodity(commodity), 'name'),
    acquired: cost.date,
    held_from: taxed.heldFrom,
    term: taxed.term,
    units: figure(units),
    proceeds: figure(units.times(price.number.toDecimal())),
    price_currency: price.currency,
    cost: figure(units.times(cost.number.toDecimal())),
    cost_currency: cost.currency,
    selling_costs_base: figure(sellingCostsBase),
    proceeds_base: figure(taxed.proceeds),
    basis_base: figure(taxed.basis),
    gain_base: figure(taxed.gain),
    disallowed_base: figure(taxed.disallowed),
    recognised_base: figure(taxed.recognised),
  };
}
