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

const RealisedSchema = z.object({
  term: z.string(),
  sales: z.int(),
  proceeds: DecimalField,
  basis: DecimalField,
  gains: DecimalField.describe('Sum of what was won.'),
  losses: DecimalField.describe('Sum of what was lost, what is disallowed included.'),
  disallowed: DecimalField,
  recognised: DecimalField.describe('gains + losses + disallowed.'),
});
const UnrealisedSchema = z.object({
  term: z.string(),
  lots: z.int(),
  basis: DecimalField,
  value: DecimalField,
  gains: DecimalField,
  losses: DecimalField,
  net: DecimalField,
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
      gains: sum(rows.filter(isGain), (row) => row.gain_base),
      losses: sum(rows.filter(isLoss), (row) => row.gain_base),
      disallowed: sum(rows, (row) => row.disallowed_base),
      recognised: sum(rows, (row) => row.recognised_base),
    })),
    unrealised: byTerm(lots).map(([term, rows]) => ({
      term,
      lots: rows.length,
      basis: sum(rows, (row) => row.basis_base),
      value: sum(rows, (row) => row.value_base),
      gains: sum(rows.filter(isGain), (row) => row.gain_base),
      losses: sum(rows.filter(isLoss), (row) => row.gain_base),
      net: sum(rows, (row) => row.gain_base),
    })),
  }),
});

interface Gaining {
  readonly term: 'short' | 'long' | null;
  readonly gain_base: string;
}

function byTerm<Row extends Gaining>(rows: readonly Row[]): [string, readonly Row[]][] {
  const undated = rows.filter(({ term }) => term === null);
  return [
    ...TERMS.map((term): [string, readonly Row[]] => [term, rows.filter((row) => row.term === term)]),
    ...(undated.length === 0 ? [] : [['undated', undated] satisfies [string, readonly Row[]]]),
    ['total', rows],
  ];
}

const isGain = ({ gain_base }: Gaining): boolean => !decimal(gain_base).isNegative();
const isLoss = ({ gain_base }: Gaining): boolean => decimal(gain_base).isNegative();

function sum<Row>(rows: readonly Row[], pick: (row: Row) => string): string {
  return figure(rows.reduce<Decimal>((total, row) => total.plus(decimal(pick(row))), ZERO));
}
