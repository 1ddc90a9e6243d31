import { ZERO, type Decimal } from '@dawsos/contracts';
import type { Posting, Transaction } from '@dawsos/ledger';
import type { LedgerReader } from '../../capability';
import type { OutsidePosting } from '../role';

/** What an entry books besides units with a cost, in one currency, with the signs of the ledger. */
export interface EntryAmounts {
  /** Money of assets and liabilities: positive where it comes in. */
  readonly money: Decimal;
  /** Results of sales: negative for a gain. */
  readonly result: Decimal;
  /** Dividends, interest and what lessens them: negative for income. */
  readonly income: Decimal;
  readonly tradingCosts: Decimal;
  readonly hasEquity: boolean;
  /** Pay, and income that nothing classifies. */
  readonly hasPay: boolean;
  /** Fees, taxes, spending: what units may be given for in kind. */
  readonly hasExpenses: boolean;
  /** Income or expenses that nothing classifies. */
  readonly unclassified: readonly OutsidePosting[];
}

/** Beancount's weight of a posting without a cost: what it counts for when the entry is balanced. */
export function weightOf({ units, price }: Posting): { readonly number: Decimal; readonly currency: string } {
  const number = units.number.toDecimal();
  if (price === null) return { number, currency: units.currency };
  return { number: number.times(price.number.toDecimal()), currency: price.currency };
}

export function entryAmounts(
  transaction: Transaction,
  roles: readonly OutsidePosting[],
  currency: string,
  ledger: LedgerReader,
): EntryAmounts {
  const roleOf = new Map(roles.map((outside) => [outside.posting, outside]));
  let [money, result, income, tradingCosts] = [ZERO, ZERO, ZERO, ZERO];
  let [hasEquity, hasPay, hasExpenses] = [false, false, false];
  const unclassified: OutsidePosting[] = [];
  for (const posting of transaction.postings) {
    if (posting.cost !== null) continue;
    const weight = weightOf(posting);
    const number = weight.currency === currency ? weight.number : ZERO;
    const { kind } = ledger.account(posting.account);
    const outside = roleOf.get(posting);
    if (kind === 'assets' || kind === 'liabilities') {
      money = money.plus(number);
      continue;
    }
    if (kind === 'equity') hasEquity = true;
    switch (outside?.role) {
      case 'result':
        result = result.plus(number);
        break;
      case 'trading_cost':
        tradingCosts = tradingCosts.plus(number);
        break;
      case 'dividend':
      case 'interest':
      case 'accrued_interest':
        income = income.plus(number);
        break;
      case 'compensation':
        hasPay = true;
        break;
      case 'spending':
      case 'contribution':
        hasExpenses = true;
        break;
      case 'unclassified':
        if (!posting.units.number.toDecimal().isZero()) unclassified.push(outside);
        if (kind === 'income') hasPay = true;
        else hasExpenses = true;
        break;
      case 'fee':
      case 'tax_withheld':
        hasExpenses = true;
        break;
      case null:
      case undefined:
        break;
    }
  }
  return { money, result, income, tradingCosts, hasEquity, hasPay, unclassified, hasExpenses };
}
