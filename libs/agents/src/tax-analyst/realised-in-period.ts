import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField } from '../financial-analyst/decimal-fields';
import { transactions } from '../financial-analyst/holdings';
import { measuredPeriod, PeriodArgs } from '../financial-analyst/measured-period';
import { StatedGapSchema } from '../financial-analyst/stated-gap';
import { notesOf, saleRow, SaleSchema } from './realised-gains';
import { saleGaps } from './tax-gaps';
import { taxHistory } from './tax-history';

export const realisedInPeriod = defineCapability({
  name: 'tax.realized_in_period',
  description: 'The sales of a period by lot, as tax.realized_gains has those of a tax year.',
  args: z.strictObject({ ...PeriodArgs }),
  result: z.object({
    base_currency: z.string(),
    period: z.object({ start: DateField, end: DateField }),
    sales: z.array(SaleSchema),
    notes: z.array(z.object({ note: z.string() })),
    gaps: z.array(StatedGapSchema),
  }),
  run: (asked, context) => {
    const { ledger, asofDate } = context;
    const first = transactions(ledger.entries({ to: asofDate }))[0]?.date;
    const { from, to } = measuredPeriod(asked, asofDate, first);
    const history = taxHistory(context);
    // from is a close: what was sold on that day is in the opening value
    const sales = history.disposals.filter(({ transaction: { date } }) => date > from && date <= to);
    return {
      base_currency: ledger.portfolio().baseCurrency,
      period: { start: from, end: to },
      sales: sales.map((sale) => saleRow(sale, context)),
      notes: notesOf(sales, history).map((note) => ({ note })),
      gaps: saleGaps(sales, history, context),
    };
  },
});
