import { ZERO, type Decimal } from '@dawsos/contracts';
import { weight } from '@dawsos/portfolio-math';
import { z } from 'zod';
import type { CapabilityContext } from '../../capability';
import { DecimalField, figure, figureOrNull } from '../decimal-fields';
import { byText, metaText } from '../holdings';
import { isPaidInterest, type BridgePosting } from './bridge-postings';

export const IncomeRowSchema = z.object({
  commodity: z.string().nullable().describe('Null: interest on money, or nothing tells what paid it.'),
  source: z.string(),
  payments: z.int(),
  gross: DecimalField.nullable().describe('As paid, where it was paid in one currency.'),
  currency: z.string().nullable(),
  gross_base: DecimalField.nullable(),
  withheld_base: DecimalField.nullable().describe('Negative.'),
  withheld_share: DecimalField.nullable().describe(
    'Of the gross, without its sign; null where none was withheld.',
  ),
  net_base: DecimalField.nullable(),
});
type IncomeRow = z.infer<typeof IncomeRowSchema>;

export const isIncome = (posting: BridgePosting): boolean =>
  posting.kind === 'gross' && !isPaidInterest(posting);

export const isTax = ({ kind }: BridgePosting): boolean => kind === 'withheld';

/** Income by what paid it, the largest first, with the tax that was withheld of it. */
export function incomeRows(postings: readonly BridgePosting[], context: CapabilityContext): IncomeRow[] {
  const payers = Map.groupBy(
    postings.filter((posting) => isIncome(posting) || isTax(posting)),
    ({ commodity, posting }) => commodity ?? `account ${posting.account}`,
  );
  return [...payers.values()]
    .map((own) => rowOf(own, context))
    .sort((a, b) => ZERO.plus(b.gross_base ?? 0).comparedTo(a.gross_base ?? 0) || byText(a.source, b.source));
}

function rowOf(own: readonly BridgePosting[], { ledger }: CapabilityContext): IncomeRow {
  const [first] = own;
  const commodity = first?.commodity ?? null;
  const paid = own.filter(isIncome);
  const currencies = new Set(paid.map(({ currency }) => currency));
  const [currency, another] = currencies;
  const isOne = currency !== undefined && another === undefined;
  const gross = sumBase(paid);
  const taken = sumBase(own.filter(isTax));
  const share = gross === null || taken === null || taken.isZero() ? null : weight(taken.negated(), gross);
  return {
    commodity,
    source:
      commodity === null
        ? accountName(first?.posting.account ?? '')
        : (metaText(ledger.commodity(commodity), 'name') ?? commodity),
    payments: paid.length,
    gross: isOne ? figure(paid.reduce((sum, { amount }) => sum.plus(amount), ZERO)) : null,
    currency: isOne ? currency : null,
    gross_base: figureOrNull(gross),
    withheld_base: figureOrNull(taken),
    withheld_share: figureOrNull(share),
    net_base: gross === null || taken === null ? null : figure(gross.plus(taken)),
  };
}

/** `Expenses:Growth:Margin-Interest` as "Growth, Margin Interest". */
export const accountName = (account: string): string =>
  account.split(':').slice(1).join(', ').replaceAll('-', ' ');

/** Null where one of them has no rate. */
export function sumBase(postings: readonly BridgePosting[]): Decimal | null {
  return postings.reduce<Decimal | null>(
    (sum, { amountBase }) => (sum === null || amountBase === null ? null : sum.plus(amountBase)),
    ZERO,
  );
}
