import { ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import { z } from 'zod';
import { defineCapability, type LedgerReader } from '../capability';
import { DateField, DecimalField, figure } from './decimal-fields';
import { namesCommodity, transactions } from './holdings';
import { CommodityField, requireHeld } from './held-commodity';
import { rateToBase } from './market-history';

/** A payment on a holding, in one currency. */
export interface IncomePayment {
  readonly date: IsoDate;
  readonly currency: string;
  readonly gross: Decimal;
  readonly withheld: Decimal;
  readonly narration: string;
}

/**
 * The payments on a commodity: transactions with income and no trade that name it, by metadata `commodity` of the
 * transaction or of its income posting, or by an income account that ends with it (`Income:Dividends:ABC`). The
 * expenses in such a transaction are what was withheld. A commodity named in words alone is not seen.
 */
export function incomePayments(
  history: readonly Transaction[],
  commodity: string,
  ledger: LedgerReader,
): IncomePayment[] {
  return history.flatMap((transaction): IncomePayment[] => {
    if (transaction.postings.some(({ cost }) => cost !== null)) return [];
    const kindOf = (account: string): string => ledger.account(account).kind;
    const income = transaction.postings.filter(
      (posting) =>
        kindOf(posting.account) === 'income' &&
        (namesCommodity(posting.meta, commodity) ||
          namesCommodity(transaction.meta, commodity) ||
          posting.account.endsWith(`:${commodity}`)),
    );
    const currencies = [...new Set(income.map(({ units }) => units.currency))];
    return currencies.map((currency) => {
      const total = (postings: Transaction['postings']): Decimal =>
        postings
          .filter(({ units }) => units.currency === currency)
          .reduce((sum, { units }) => sum.plus(units.number.toDecimal()), ZERO);
      return {
        date: transaction.date,
        currency,
        gross: total(income).negated(),
        withheld: total(transaction.postings.filter(({ account }) => kindOf(account) === 'expenses')),
        narration: transaction.narration,
      };
    });
  });
}

export const holdingIncome = defineCapability({
  name: 'holding.income',
  description:
    'Dividends and interest of one holding: gross, withheld and net, at the rate of the day of each payment. A payment ' +
    'belongs to the commodity that its metadata or its income account names.',
  args: z.strictObject({ commodity: CommodityField }),
  result: z.object({
    base_currency: z.string(),
    payments: z.array(
      z.object({
        date: DateField,
        currency: z.string(),
        gross: DecimalField,
        withheld: DecimalField,
        net: DecimalField,
        net_base: DecimalField,
        narration: z.string(),
      }),
    ),
    gross_base: DecimalField,
    withheld_base: DecimalField,
    net_base: DecimalField,
  }),
  run: ({ commodity }, context) => {
    const { ledger, asofDate } = context;
    const history = transactions(ledger.entries({ to: asofDate }));
    requireHeld(commodity, history, ledger.portfolio());
    const payments = incomePayments(history, commodity, ledger).map((payment) => ({
      ...payment,
      rate: rateToBase(payment.currency, payment.date, context),
    }));
    const sum = (pick: (payment: IncomePayment) => Decimal): Decimal =>
      payments.reduce((total, payment) => total.plus(pick(payment).times(payment.rate)), ZERO);
    return {
      base_currency: ledger.portfolio().baseCurrency,
      payments: payments.map(({ date, currency, gross, withheld, narration, rate }) => ({
        date,
        currency,
        gross: figure(gross),
        withheld: figure(withheld),
        net: figure(gross.minus(withheld)),
        net_base: figure(gross.minus(withheld).times(rate)),
        narration,
      })),
      gross_base: figure(sum(({ gross }) => gross)),
      withheld_base: figure(sum(({ withheld }) => withheld)),
      net_base: figure(sum(({ gross, withheld }) => gross.minus(withheld))),
    };
  },
});
