import { Decimal, isIsoDate, type IsoDate } from '@dawsos/contracts';
import { z } from 'zod';
import { parseFormat } from '../parse-format';
import type { AnnualStatements } from './fundamentals-source';

/** Over HTTP numbers come as the text that was sent; in a file they are JSON's. */
const NumberField = z
  .union([z.number(), z.string().regex(/^-?\d{1,40}(\.\d{1,40})?(e[+-]?\d{1,3})?$/i)])
  .nullish();
const StatementSchema = z.looseObject({
  date: z.string().refine(isIsoDate, { error: 'must be a day' }),
  reportedCurrency: z.string().min(1),
  /** As the provider's version 3 spells it, and its later one. */
  fillingDate: z.string().nullish(),
  filingDate: z.string().nullish(),
  period: z.string().nullish(),
  revenue: NumberField,
  grossProfit: NumberField,
  operatingIncome: NumberField,
  interestExpense: NumberField,
  netIncome: NumberField,
  totalCurrentAssets: NumberField,
  totalCurrentLiabilities: NumberField,
  totalDebt: NumberField,
  totalStockholdersEquity: NumberField,
  operatingCashFlow: NumberField,
  capitalExpenditure: NumberField,
});
type Statement = z.infer<typeof StatementSchema>;

/** The three answers under the names of the provider's endpoints. */
const FileSchema = z.object({
  'income-statement': z.array(StatementSchema),
  'balance-sheet-statement': z.array(StatementSchema),
  'cash-flow-statement': z.array(StatementSchema),
});

/**
 * Annual statements in Financial Modeling Prep's format, joined by the last day of the fiscal year: a year counts once
 * all three of its statements are filed. Quarters are left out.
 * @throws DawsosError `source_malformed`
 */
export function readFmpStatements(body: unknown, name: string): AnnualStatements[] {
  const parsed = parseFormat(FileSchema, body, name);
  const balances = byYear(parsed['balance-sheet-statement']);
  const cashFlows = byYear(parsed['cash-flow-statement']);
  return [...byYear(parsed['income-statement']).values()]
    .flatMap((income): AnnualStatements[] => {
      const [balance, cashFlow] = [balances.get(income.date), cashFlows.get(income.date)];
      return balance === undefined || cashFlow === undefined ? [] : [joined(income, balance, cashFlow)];
    })
    .sort((a, b) => (a.periodEnd < b.periodEnd ? -1 : 1));
}

function byYear(statements: readonly Statement[]): Map<string, Statement> {
  const annual = statements.filter(
    ({ period }) => period === undefined || period === null || period === 'FY',
  );
  return new Map(annual.map((statement) => [statement.date, statement]));
}

function joined(income: Statement, balance: Statement, cashFlow: Statement): AnnualStatements {
  return {
    periodEnd: income.date,
    filed: lastFiled([income, balance, cashFlow]),
    currency: income.reportedCurrency,
    revenue: decimalOf(income.revenue),
    grossProfit: decimalOf(income.grossProfit),
    operatingIncome: decimalOf(income.operatingIncome),
    interestExpense: decimalOf(income.interestExpense),
    netIncome: decimalOf(income.netIncome),
    currentAssets: decimalOf(balance.totalCurrentAssets),
    currentLiabilities: decimalOf(balance.totalCurrentLiabilities),
    totalDebt: decimalOf(balance.totalDebt),
    equity: decimalOf(balance.totalStockholdersEquity),
    operatingCashFlow: decimalOf(cashFlow.operatingCashFlow),
    capitalExpenditure: decimalOf(cashFlow.capitalExpenditure),
  };
}

/** Null where one of them has no day: then it is not known when the year became known. */
function lastFiled(statements: readonly Statement[]): IsoDate | null {
  const days = statements.map(({ filingDate, fillingDate }) => filingDate ?? fillingDate ?? '');
  const known = days.filter(isIsoDate).sort();
  return known.length < statements.length ? null : (known.at(-1) ?? null);
}

function decimalOf(value: number | string | null | undefined): Decimal | null {
  return value === null || value === undefined ? null : new Decimal(String(value));
}
