import { ZERO, type Decimal } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField, figure } from '../financial-analyst/decimal-fields';
import { TaxLotSchema } from './lot-details';
import { SaleSchema } from './realised-gains';

const SaleFields = SaleSchema.pick({
  term: true,
  proceeds_base: true,
  basis_base: true,
  gain_base: true,
  disallowed_base: true,
  recognised_base: true,
});
const LotFields = TaxLotSchema.pick({ term: true, basis_base: true, value_base: true, gain_base: true });

const TotalField = DecimalField.nullable().describe('Null where a row of it is not told.');
const UntoldField = z.int().describe('Rows whose gain is not told.');

const RealisedSchema = z.object({
  term: z.string(),
  sales: z.int(),
  proceeds: TotalField,
  basis: TotalField,
  gains: TotalField.describe('Sum of what was won.'),
  losses: TotalField.describe('Sum of what was lost, what is disallowed included.'),
  disallowed: TotalField,
  recognised: TotalField.describe('gains + losses + disallowed.'),
  untold: UntoldField,
  partial_total: DecimalField.nullable().describe(
    'recognised of the sales whose gain is told; null where all are.',
  ),
});
const UnrealisedSchema = z.object({
  term: z.string(),
  lots: z.int(),
  basis: TotalField,
  value: TotalField,
  gains: TotalField,
  losses: TotalField,
  net: TotalField,
  untold: UntoldField,
  partial_total: DecimalField.nullable().describe('net of the lots whose gain is told; null where all are.'),
});

const TERMS = ['short', 'long'] as const;

export const taxSummary = defineCapability({
  name: 'tax.summary',
  description:
    'Realised and unrealised gains in base currency, short-term and long-term, with what wash sales defer. Rows: ' +
    'short, long, undated where a lot has no date, and total.',
  args: z.strictObject({ sales: z.array(SaleFields), lots: z.array(LotFields) }),
  result: z.object({ realised: z.array(RealisedSchema), unrealised: z.array(UnrealisedSchema) }),
  run: ({ sales, lots }) => ({
    realised: byTerm(sales).map(([term, rows]) => ({
      term,
      sales: rows.length,
      proceeds: sum(rows, (row) => row.proceeds_base),
      basis: sum(rows, (row) => row.basis_base),
      gains: sumOfTold(rows, isGain),
      losses: sumOfTold(rows, isLoss),
      disallowed: sum(rows, (row) => row.disallowed_base),
      recognised: sum(rows, (row) => row.recognised_base),
      untold: untold(rows).length,
      partial_total: partial(rows, (row) => row.recognised_base),
    })),
    unrealised: byTerm(lots).map(([term, rows]) => ({
      term,
      lots: rows.length,
      basis: sum(rows, (row) => row.basis_base),
      value: sum(rows, (row) => row.value_base),
      gains: sumOfTold(rows, isGain),
      losses: sumOfTold(rows, isLoss),
      net: sum(rows, (row) => row.gain_base),
      untold: untold(rows).length,
      partial_total: partial(rows, (row) => row.gain_base),
    })),
  }),
});

interface Gaining {
  readonly term: 'short' | 'long' | null;
  readonly gain_base: string | null;
}

function byTerm<Row extends Gaining>(rows: readonly Row[]): [string, readonly Row[]][] {
  const undated = rows.filter(({ term }) => term === null);
  return [
    ...TERMS.map((term): [string, readonly Row[]] => [term, rows.filter((row) => row.term === term)]),
    ...(undated.length === 0 ? [] : [['undated', undated] satisfies [string, readonly Row[]]]),
    ['total', rows],
  ];
}

const isGain = (gain: Decimal): boolean => !gain.isNegative();
const isLoss = (gain: Decimal): boolean => gain.isNegative();

const untold = <Row extends Gaining>(rows: readonly Row[]): Row[] =>
  rows.filter(({ gain_base }) => gain_base === null);

function sum<Row>(rows: readonly Row[], pick: (row: Row) => string | null): string | null {
  let total: Decimal = ZERO;
  for (const row of rows) {
    const text = pick(row);
    if (text === null) return null;
    total = total.plus(decimal(text));
  }
  return figure(total);
}

/** The gains, or the losses: null where one of the rows may be either. */
function sumOfTold(rows: readonly Gaining[], is: (gain: Decimal) => boolean): string | null {
  if (untold(rows).length > 0) return null;
  return sum(rows, ({ gain_base }) => (gain_base !== null && is(decimal(gain_base)) ? gain_base : '0'));
}

function partial<Row extends Gaining>(
  rows: readonly Row[],
  pick: (row: Row) => string | null,
): string | null {
  const told = rows.filter(({ gain_base }) => gain_base !== null);
  return told.length === rows.length ? null : sum(told, pick);
}
