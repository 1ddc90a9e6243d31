import { addDays } from '@dawsos/contracts';
import { WASH_SALE_DAYS } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, DecimalField, figure } from '../financial-analyst/decimal-fields';
import { salesOfYear, TaxYearField } from './realised-gains';
import { poolOf, taxHistory } from './tax-history';

const WashSaleSchema = z.object({
  date: DateField.describe('Of the sale at a loss.'),
  commodity: z.string(),
  acquired: DateField.nullable(),
  units: DecimalField.describe('Sold at a loss.'),
  loss_base: DecimalField,
  replaced_by: z.string(),
  purchased: DateField,
  replaced_units: DecimalField.describe("In the size of today's units of what was bought."),
  disallowed_base: DecimalField.describe('Joins the basis of the units bought.'),
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
    const history = taxHistory(context);
    const commodityOf = new Map(history.movements.map((movement) => [poolOf(movement), movement.commodity]));
    const losses = salesOfYear(history.sales, tax_year).filter(({ taxed }) => taxed.gain.isNegative());
    return {
      tax_year,
      window_days: WASH_SALE_DAYS,
      wash_sales: losses.flatMap(({ movement, share, taxed }) =>
        taxed.replacements.map(({ pool, purchased, units, disallowed }) => ({
          date: taxed.sold.date,
          commodity: movement.commodity,
          acquired: movement.cost.date,
          units: figure(movement.units.abs().times(share)),
          loss_base: figure(taxed.gain),
          replaced_by: commodityOf.get(pool) ?? movement.commodity,
          purchased,
          replaced_units: figure(units),
          disallowed_base: figure(disallowed),
        })),
      ),
      windows_open: losses
        .map(({ movement, taxed }) => ({
          date: taxed.sold.date,
          commodity: movement.commodity,
          open_until: addDays(taxed.sold.date, WASH_SALE_DAYS),
        }))
        .filter(({ open_until }) => open_until > context.asofDate),
    };
  },
});
