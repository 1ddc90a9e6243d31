import { ONE, type Decimal } from '@dawsos/contracts';
import type { AnnualStatements } from '@dawsos/market-data';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, DecimalField, figure, figureOrNull } from '../financial-analyst/decimal-fields';
import { StatedGapSchema, type StatedGap } from '../financial-analyst/stated-gap';

const YearSchema = z.object({
  period_end: DateField,
  filed: DateField,
  currency: z.string(),
  revenue: DecimalField.nullable(),
  operating_income: DecimalField.nullable(),
  net_income: DecimalField.nullable(),
  free_cash_flow: DecimalField.nullable().describe('Operating cash flow less capital expenditure.'),
  equity: DecimalField.nullable(),
  total_debt: DecimalField.nullable(),
  revenue_growth: DecimalField.nullable().describe('From the fiscal year before.'),
  gross_margin: DecimalField.nullable(),
  operating_margin: DecimalField.nullable(),
  net_margin: DecimalField.nullable(),
  free_cash_flow_margin: DecimalField.nullable(),
  return_on_equity: DecimalField.nullable().describe('Net income / equity at the end of the year.'),
  debt_to_equity: DecimalField.nullable(),
  current_ratio: DecimalField.nullable(),
  interest_cover: DecimalField.nullable().describe('Operating income / interest expense.'),
});
type Year = z.infer<typeof YearSchema>;

export const loadFundamentals = defineCapability({
  name: 'fundamentals.load',
  description:
    "A company's annual statements that were filed by the as-of date, and their ratios. A ratio whose parts the source " +
    'does not state, or that would divide by nothing, is null and named; none has a default.',
  args: z.strictObject({ commodity: z.string().min(1).max(64), years: z.int().positive().max(30) }),
  result: z.object({
    commodity: z.string(),
    source: z.string().nullable().describe('Null: no source knows it.'),
    years: z.array(YearSchema).describe('The newest first.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: async ({ commodity, years }, { source, asofDate }) => {
    const found = await source.statements(commodity, asofDate);
    const all = found?.value ?? [];
    const known = all.flatMap((year) => (year.filed === null ? [] : [{ ...year, filed: year.filed }]));
    const gaps: StatedGap[] = [];
    if (found === undefined) {
      gaps.push({
        figure: 'years',
        code: 'source_unknown',
        detail: `no source has statements of ${commodity}`,
      });
    }
    if (known.length < all.length) {
      const detail = `${String(all.length - known.length)} fiscal years have no day of filing, so it is not known since when they were public`;
      gaps.push({ figure: 'years', code: 'filing_date_missing', detail });
    }
    const rows = known
      .map((year, index) => yearRow(year, known[index - 1]))
      .slice(-years)
      .reverse();
    return { commodity, source: found?.source ?? null, years: rows, gaps: [...gaps, ...missingRatios(rows)] };
  },
});

type Filed = AnnualStatements & { readonly filed: string };

function yearRow(year: Filed, before: Filed | undefined): Year {
  const { revenue, operatingIncome, netIncome, equity, totalDebt } = year;
  const freeCashFlow =
    year.operatingCashFlow &&
    year.capitalExpenditure &&
    year.operatingCashFlow.minus(year.capitalExpenditure.abs());
  const growth = ratio(revenue, before?.revenue ?? null);
  return {
    period_end: year.periodEnd,
    filed: year.filed,
    currency: year.currency,
    revenue: figureOrNull(revenue),
    operating_income: figureOrNull(operatingIncome),
    net_income: figureOrNull(netIncome),
    free_cash_flow: figureOrNull(freeCashFlow),
    equity: figureOrNull(equity),
    total_debt: figureOrNull(totalDebt),
    revenue_growth: growth && before?.currency === year.currency ? figure(growth.minus(ONE)) : null,
    gross_margin: figureOrNull(ratio(year.grossProfit, revenue)),
    operating_margin: figureOrNull(ratio(operatingIncome, revenue)),
    net_margin: figureOrNull(ratio(netIncome, revenue)),
    free_cash_flow_margin: figureOrNull(ratio(freeCashFlow, revenue)),
    return_on_equity: figureOrNull(ratio(netIncome, equity)),
    debt_to_equity: figureOrNull(ratio(totalDebt, equity)),
    current_ratio: figureOrNull(ratio(year.currentAssets, year.currentLiabilities)),
    interest_cover: figureOrNull(ratio(operatingIncome, year.interestExpense)),
  };
}

/** Null where a part is missing or the divisor is not above zero: a ratio to negative equity says nothing. */
function ratio(part: Decimal | null, whole: Decimal | null): Decimal | null {
  return part === null || whole === null || !whole.greaterThan(0) ? null : part.div(whole);
}

const RATIOS = [
  'gross_margin',
  'operating_margin',
  'net_margin',
  'free_cash_flow_margin',
  'return_on_equity',
  'debt_to_equity',
  'current_ratio',
  'interest_cover',
] as const;

function missingRatios([newest]: readonly Year[]): StatedGap[] {
  if (newest === undefined) return [];
  return RATIOS.filter((name) => newest[name] === null).map((name) => ({
    figure: name,
    code: 'input_missing',
    detail: `the statements to ${newest.period_end} lack a part of it, or its divisor is not above zero`,
  }));
}
