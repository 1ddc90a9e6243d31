import { addDays, ZERO } from '@dawsos/contracts';
import { WASH_SALE_DAYS } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, DecimalField, figure } from '../financial-analyst/decimal-fields';
import { salesOfYear, TaxYearField } from './realised-gains';
import { taxHistory } from './tax-history';

const WashSaleSchema = z.object({
  date: DateField.describe('Of the sale at a loss.'),
  commodity: z.string(),
  acquired: DateField.nullable(),
  units: DecimalField.describe('Sold at a loss.'),
  loss_base: DecimalField,
  replaced_by: z.string(),
  purchased: DateField,
  replaced_units: DecimalField.describe('Of what was bought, as they were then.'),
  disallowed_base: DecimalField.describe('Joins the basis of the units bought, but for lost_base.'),
  lost_base: DecimalField.describe('Of it, what no basis takes: replaced in a tax-deferred account.'),
});

export const washSales = defineCapability({
  name: 'tax.wash_sales',
  description:
    'The sales of a calendar year at a loss of which substantially identical units were bought from 30 days before ' +
    "to 30 days after, in the report's accounts (IRS Publication 550). Substantially identical is the same commodity, or " +
    'commodities with the same metadata substantially_identical.',
  args: z.strictObject({ tax_year: TaxYearField }),
  result: z.object({
    tax_year: z.int(),
    window_days: z.int(),
    wash_sales: z.array(WashSaleSchema),
    windows_open: z
      .array(z.object({ date: DateField, commodity: z.string(), open_until: DateField }))
      .describe('Losses that a purchase after the as-of date could still disallow.'),
  }),
  run: ({ tax_year }, context) => {
    const losses = salesOfYear(taxHistory(context).disposals, tax_year).filter(
      ({ kind, gain }) => kind === 'sale' && gain?.isNegative() === true,
    );
    return {
      tax_year,
      window_days: WASH_SALE_DAYS,
      wash_sales: losses.flatMap((loss) =>
        loss.replacements.map(({ commodity, purchased, units, disallowed, carried }) => ({
          date: loss.transaction.date,
          commodity: loss.commodity,
          acquired: loss.parcel.acquired,
          units: figure(loss.units),
          loss_base: figure(loss.gain ?? ZERO),
          replaced_by: commodity,
          purchased,
          replaced_units: figure(units),
          disallowed_base: figure(disallowed),
          lost_base: figure(carried ? ZERO : disallowed),
        })),
      ),
      windows_open: losses
        .map(({ transaction: { date }, commodity }) => ({
          date,
          commodity,
          open_until: addDays(date, WASH_SALE_DAYS),
        }))
        .filter(({ open_until }) => open_until > context.asofDate),
    };
  },
});
