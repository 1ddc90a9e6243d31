import type { NamedRole } from './role';

/** What stands beside a posting in its entry, as far as the meaning of an income account's name depends on it. */
export interface BesideIncome {
  /** Units with a cost come in. */
  readonly purchase: boolean;
  /** A liability outside the portfolio: its interest is not the portfolio's. */
  readonly outsideLoan: boolean;
}

/** The same of an expense account's name. */
export interface BesideExpense extends BesideIncome {
  /** Units with a cost, or at a price, change hands. */
  readonly trade: boolean;
  /** Dividends or interest. */
  readonly investmentIncome: boolean;
  /** Income that is no investment's: the entry is a payslip, and its taxes and fees are the pay's. */
  readonly pay: boolean;
  /** The entry or the posting names a commodity that is held. */
  readonly namesHeld: boolean;
}

/**
 * The role that the whole words of an income account's name tell, the deepest component first:
 * `Income:Broker:Dividends`, `Income:CapitalGains`. Plurals count. `isDebit`: the posting lessens income.
 */
export function incomeRoleByName(account: string, beside: BesideIncome, isDebit: boolean): NamedRole | null {
  return deepest(account, (words) => {
    if (words.has('dividend') || words.has('div') || words.has('distribution')) return 'dividend';
    if (words.has('accrued')) return isDebit ? 'accrued_interest' : 'interest';
    if ((isInterest(words) || words.has('coupon')) && !beside.outsideLoan) {
      return isDebit && beside.purchase ? 'accrued_interest' : 'interest';
    }
    if (words.has('gain') || words.has('loss') || words.has('pnl')) return 'result';
    return isPay(words) ? 'compensation' : null;
  });
}

/** The role that the whole words of an expense account's name tell in this company, the deepest component first. */
export function expenseRoleByName(account: string, beside: BesideExpense): NamedRole | null {
  return deepest(account, (words) => {
    if (words.has('stamp') && beside.trade) return 'trading_cost';
    if (words.has('commission') || words.has('brokerage')) return beside.trade ? 'trading_cost' : 'fee';
    if (beside.pay) return null;
    if (words.has('accrued')) return 'accrued_interest';
    if (words.has('withholding') || words.has('withheld') || words.has('wht')) return 'tax_withheld';
    // What a short position pays in lieu of a dividend.
    if (words.has('dividend')) return 'dividend';
    if (words.has('tax')) {
      return beside.investmentIncome || beside.trade || beside.namesHeld ? 'tax_withheld' : null;
    }
    if (words.has('loss')) return 'result';
    if (words.has('fee')) return beside.trade ? 'trading_cost' : 'fee';
    if (isInterest(words) && !beside.outsideLoan) return beside.purchase ? 'accrued_interest' : 'interest';
    return null;
  });
}

const PAY = ['salary', 'salarie', 'wage', 'payroll', 'bonus', 'compensation'];
const isPay = (words: Words): boolean => PAY.some((word) => words.has(word));

/** `Int` is its usual short form, as `Div` is of a dividend. */
const isInterest = (words: Words): boolean => words.has('interest') || words.has('int');

interface Words {
  has(word: string): boolean;
}

function deepest(account: string, role: (words: Words) => NamedRole | null): NamedRole | null {
  for (const component of account.split(':').slice(1).reverse()) {
    const found = role(wordsOf(component));
    if (found !== null) return found;
  }
  return null;
}

/** The words of `Capital-Gains`, `CapitalGains` and `PnL`, in the singular too. */
function wordsOf(component: string): Words {
  const parts = component.split(/[^\p{L}\p{N}]+/u);
  const camel = parts.flatMap((part) => part.split(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u));
  const words = new Set([...parts, ...camel].map((word) => word.toLowerCase()));
  return { has: (word) => words.has(word) || words.has(`${word}s`) || words.has(`${word}es`) };
}
