import { isoDate, type IsoDate } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { DateField, DecimalField, figure, figureOrNull } from '../financial-analyst/decimal-fields';
import { metaText } from '../financial-analyst/holdings';
import { disallowedOf, type Disposal } from '../financial-analyst/lot-book/disposals';
import { StatedGapSchema } from '../financial-analyst/stated-gap';
import { saleGaps } from './tax-gaps';
import { taxHistory, type TaxHistory } from './tax-history';

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
  kind: z
    .enum(['sale', 'cover', 'cash_in_lieu', 'return_of_capital'])
    .describe(
      'cover: a short position closed. cash_in_lieu: money for a fraction of a unit. return_of_capital: what came beyond the basis.',
    ),
  account: z.string(),
  commodity: z.string(),
  name: z.string().nullable(),
  acquired: DateField.nullable(),
  held_from: DateField.nullable().describe(
    'Earlier than acquired where a wash sale added its holding period.',
  ),
  term: TermField,
  units: DecimalField,
  proceeds: DecimalField.describe('Before selling costs, in price_currency.'),
  price_currency: z.string(),
  cost: DecimalField.describe('As booked, in cost_currency.'),
  cost_currency: z.string(),
  selling_costs_base: DecimalField.nullable(),
  proceeds_base: DecimalField.nullable().describe(
    'At the rate of the day of the sale, selling costs taken off. Null, as the others, where a rate is missing.',
  ),
  basis_base: DecimalField.nullable().describe(
    'Cost and purchase costs at the rate of the day of the acquisition, and what wash sales added.',
  ),
  gain_base: DecimalField.nullable().describe('proceeds_base − basis_base.'),
  disallowed_base: DecimalField.describe('The part of a loss that a wash sale defers.'),
  recognised_base: DecimalField.nullable().describe('gain_base + disallowed_base.'),
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

export function salesOfYear(disposals: readonly Disposal[], taxYear: number): Disposal[] {
  return disposals.filter(({ transaction }) => transaction.date.startsWith(`${String(taxYear)}-`));
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
    deferred_accounts: z
      .array(z.string())
      .describe('Accounts with metadata tax: "deferred": their sales are no taxed gain or loss.'),
    sales: z.array(SaleSchema),
    notes: z
      .array(z.object({ note: z.string() }))
      .describe('What the figures rest on, and rules that are not applied.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ tax_year }, context) => {
    const { baseCurrency, accountPrefixes } = context.ledger.portfolio();
    const history = taxHistory(context);
    const sales = salesOfYear(history.disposals, tax_year);
    return {
      tax_year,
      base_currency: baseCurrency,
      period: period(tax_year, context.asofDate),
      accounts: [...accountPrefixes],
      deferred_accounts: [...history.deferredAccounts],
      sales: sales.map((sale) => saleRow(sale, context)),
      notes: notesOf(sales, history).map((note) => ({ note })),
      gaps: saleGaps(sales, history, context),
    };
  },
});

export function saleRow(sale: Disposal, context: CapabilityContext): z.infer<typeof SaleSchema> {
  const { leg, parcel, commodity, units, gain, transaction } = sale;
  const disallowed = disallowedOf(sale);
  return {
    date: transaction.date,
    kind: sale.kind,
    account: leg.account,
    commodity,
    name: metaText(context.ledger.commodity(commodity), 'name'),
    acquired: parcel.acquired,
    held_from: parcel.heldFrom,
    term: sale.term,
    units: figure(units),
    proceeds: figure(sale.gross),
    price_currency: sale.currency,
    cost: figure(units.times(leg.cost.number.toDecimal())),
    cost_currency: leg.cost.currency,
    selling_costs_base: figureOrNull(sale.sellingCosts),
    proceeds_base: figureOrNull(sale.proceeds),
    basis_base: figureOrNull(sale.basis),
    gain_base: figureOrNull(gain),
    disallowed_base: figure(disallowed),
    recognised_base: figureOrNull(gain && gain.plus(disallowed)),
  };
}

export function notesOf(sales: readonly Disposal[], { book, deferredAccounts }: TaxHistory): string[] {
  const inherited = sales.filter(({ transaction }) => book.proRata.includes(transaction));
  return [
    'US individual, trade date, rates of the day; wash sales: purchases in the accounts of this report, 61 days, none elsewhere.',
    ...(sales.some(({ kind }) => kind === 'cover')
      ? [
          'Short positions: gain when closed, short-term; IRC 1233 and 1091(e), and options as replacements, are not applied.',
        ]
      : []),
    ...(deferredAccounts.length > 0
      ? ['Purchases in tax-deferred accounts disallow losses and add to no basis (Revenue Ruling 2008-5).']
      : []),
    ...inherited.map(
      ({ commodity, transaction }) =>
        `${commodity}, ${transaction.date}: the lots inherit pro rata, since neither dates nor costs tell which from which.`,
    ),
  ];
}
