import { isDawsosError, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import { z } from 'zod';
import { defineCapability, type CapabilityContext, type LedgerReader } from '../capability';
import { DateField, DecimalField, figure, figureOrNull } from './decimal-fields';
import { CommodityField, requireHeld } from './held-commodity';
import { byText, transactions } from './holdings';
import { incomeParts, type IncomePart } from './income-attribution';
import { rateToBase } from './market-history';
import { StatedGapSchema, type StatedGap } from './stated-gap';

/** A payment on a holding in one currency, or what was taken of one. */
export interface IncomePayment {
  readonly date: IsoDate;
  readonly currency: string;
  readonly gross: Decimal;
  readonly withheld: Decimal;
  readonly fees: Decimal;
  /** gross − withheld − fees. */
  readonly net: Decimal;
  readonly narration: string;
  /** The most uncertain way in which a part of it was told to be of this commodity. */
  readonly by: IncomePart['by'];
}

/** The payments on a commodity, by entry and currency. */
export function incomePayments(
  history: readonly Transaction[],
  commodity: string,
  ledger: LedgerReader,
): IncomePayment[] {
  return paymentsOf(incomeParts(history, ledger).filter((part) => part.commodity === commodity));
}

function paymentsOf(parts: readonly IncomePart[]): IncomePayment[] {
  const groups = new Map<Transaction, Map<string, IncomePart[]>>();
  for (const part of parts) {
    const byCurrency = groups.get(part.transaction) ?? new Map<string, IncomePart[]>();
    groups.set(part.transaction, byCurrency);
    byCurrency.set(part.currency, [...(byCurrency.get(part.currency) ?? []), part]);
  }
  return [...groups].flatMap(([{ date, narration }, byCurrency]) =>
    [...byCurrency].map(([currency, own]): IncomePayment => {
      const sum = (kind: IncomePart['kind']): Decimal =>
        own.filter((part) => part.kind === kind).reduce((total, { amount }) => total.plus(amount), ZERO);
      const [gross, withheld, fees] = [sum('gross'), sum('withheld'), sum('fee')];
      const by = WAYS.find((way) => own.some((part) => part.by === way)) ?? 'name';
      return { date, currency, gross, withheld, fees, net: gross.minus(withheld).minus(fees), narration, by };
    }),
  );
}

/** From the least certain. */
const WAYS: readonly IncomePart['by'][] = ['none', 'gross', 'one lot', 'one payer', 'name'];

const PaymentSchema = z.object({
  date: DateField,
  currency: z.string(),
  gross: DecimalField,
  withheld: DecimalField.describe('Tax.'),
  fees: DecimalField,
  net: DecimalField,
  net_base: DecimalField.nullable(),
  narration: z.string(),
  by: z
    .enum(['name', 'one payer', 'one lot', 'gross', 'none'])
    .describe(
      'How it is known to be of this commodity: named; the one that paid, or moved at cost, in its entry; by what each paid.',
    ),
});

const UnattributedSchema = z.object({
  account: z.string(),
  currency: z.string(),
  postings: z.int(),
  net: DecimalField.describe('Negative for tax and fees.'),
});

export const holdingIncome = defineCapability({
  name: 'holding.income',
  description:
    'Dividends and interest of one holding: gross, tax withheld, fees and net, at the rate of the day of each payment. A ' +
    'payment belongs to the commodity that its posting, its entry or its account names; tax in an entry of its own counts.',
  args: z.strictObject({ commodity: CommodityField }),
  result: z.object({
    base_currency: z.string(),
    payments: z.array(PaymentSchema),
    gross_base: DecimalField.nullable(),
    withheld_base: DecimalField.nullable(),
    fees_base: DecimalField.nullable(),
    net_base: DecimalField.nullable().describe('gross_base − withheld_base − fees_base.'),
    unattributed: z
      .array(UnattributedSchema)
      .describe(
        "The portfolio's income, tax and fees that are of no holding, as interest on cash, or of none that is told.",
      ),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ commodity }, context) => {
    const { ledger, asofDate } = context;
    const history = transactions(ledger.entries({ to: asofDate }));
    requireHeld(commodity, history, ledger.portfolio());
    const parts = incomeParts(history, ledger);
    const gaps: StatedGap[] = [];
    const own = rated(paymentsOf(parts.filter((part) => part.commodity === commodity)), gaps, context);
    const sum = (pick: (payment: IncomePayment) => Decimal): Decimal | null =>
      own.reduce<Decimal | null>(
        (total, payment) => total && payment.rate && total.plus(pick(payment).times(payment.rate)),
        ZERO,
      );
    return {
      base_currency: ledger.portfolio().baseCurrency,
      payments: own.map(row),
      gross_base: figureOrNull(sum(({ gross }) => gross)),
      withheld_base: figureOrNull(sum(({ withheld }) => withheld)),
      fees_base: figureOrNull(sum(({ fees }) => fees)),
      net_base: figureOrNull(sum(({ net }) => net)),
      unattributed: unattributed(parts),
      gaps,
    };
  },
});

function unattributed(parts: readonly IncomePart[]): z.infer<typeof UnattributedSchema>[] {
  const rows = new Map<string, { account: string; currency: string; postings: number; net: Decimal }>();
  for (const { commodity, posting, currency, kind, amount } of parts) {
    if (commodity !== null) continue;
    const key = `${posting.account} ${currency}`;
    const { postings, net } = rows.get(key) ?? { postings: 0, net: ZERO };
    const signed = kind === 'gross' ? amount : amount.negated();
    rows.set(key, { account: posting.account, currency, postings: postings + 1, net: net.plus(signed) });
  }
  return [...rows.values()]
    .sort((a, b) => byText(a.account, b.account) || byText(a.currency, b.currency))
    .map(({ net, ...rest }) => ({ ...rest, net: figure(net) }));
}

interface RatedPayment extends IncomePayment {
  readonly rate: Decimal | null;
}

function rated(
  payments: readonly IncomePayment[],
  gaps: StatedGap[],
  context: CapabilityContext,
): RatedPayment[] {
  return payments.map((payment) => {
    try {
      return { ...payment, rate: rateToBase(payment.currency, payment.date, context) };
    } catch (error) {
      if (!isDawsosError(error) || error.code !== 'rate_missing') throw error;
      gaps.push({ figure: 'net_base', code: error.code, detail: error.message });
      return { ...payment, rate: null };
    }
  });
}

function row({ rate, ...payment }: RatedPayment): z.infer<typeof PaymentSchema> {
  return {
    date: payment.date,
    currency: payment.currency,
    gross: figure(payment.gross),
    withheld: figure(payment.withheld),
    fees: figure(payment.fees),
    net: figure(payment.net),
    net_base: figureOrNull(rate && payment.net.times(rate)),
    narration: payment.narration,
    by: payment.by,
  };
}
