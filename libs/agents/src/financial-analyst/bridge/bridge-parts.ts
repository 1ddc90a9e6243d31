import { Decimal, ZERO } from '@dawsos/contracts';
import { z } from 'zod';
import { DecimalField, figureOrNull } from '../decimal-fields';
import type { NavHistory } from '../nav-history';
import type { BridgePosting } from './bridge-postings';
import { isCost } from './cost-rows';
import { isIncome, isTax, sumBase } from './income-rows';

export const PartSchema = z.object({
  key: z.enum(['contributions', 'withdrawals', 'income', 'fees', 'taxes', 'price_gains', 'currency']),
  label: z.string(),
  note: z.string(),
  kind: z.enum(['flow', 'earned']),
  amount: DecimalField.nullable(),
});
type Part = z.infer<typeof PartSchema>;

export interface BridgeAmounts {
  readonly opening: string | null;
  readonly closing: string | null;
  readonly earned: string | null;
  readonly parts: Part[];
}

/** From opening to closing value; price gains are what the rest leaves, taken from the figures as they are given. */
export function bridgeAmounts(history: NavHistory, postings: readonly BridgePosting[]): BridgeAmounts {
  const { days } = history;
  const opening = figureOrNull(days[0]?.value ?? null);
  const closing = figureOrNull(days.at(-1)?.value ?? null);
  const flows = flowsOf(history);
  const income = postings.filter(isIncome);
  const told = {
    contributions: figureOrNull(flows.in),
    withdrawals: figureOrNull(flows.out),
    income: figureOrNull(sumBase(income)),
    fees: figureOrNull(sumBase(postings.filter(isCost))),
    taxes: figureOrNull(sumBase(postings.filter(isTax))),
    currency: figureOrNull(currencyEffect(history)),
  };
  const part = (key: Part['key'], label: string, note: string, amount: string | null): Part => ({
    key,
    label,
    note,
    kind: key === 'contributions' || key === 'withdrawals' ? 'flow' : 'earned',
    amount,
  });
  return {
    opening,
    closing,
    earned: remainder(closing, [opening, told.contributions, told.withdrawals]),
    parts: [
      part('contributions', 'Contributions', counted(flows.ins, 'day', 'days'), told.contributions),
      part('withdrawals', 'Withdrawals', counted(flows.outs, 'day', 'days'), told.withdrawals),
      part('income', 'Income', counted(income.length, 'payment, gross', 'payments, gross'), told.income),
      part('fees', 'Fees', 'commissions, custody, interest paid', told.fees),
      part('taxes', 'Taxes withheld', 'at the source of income', told.taxes),
      part(
        'price_gains',
        'Price gains',
        'in the currency of each holding',
        remainder(closing, [opening, ...Object.values(told)]),
      ),
      part('currency', 'Currency', 'changes of exchange rates', told.currency),
    ],
  };
}

const counted = (number: number, one: string, many: string): string =>
  number === 0 ? 'none' : `${String(number)} ${number === 1 ? one : many}`;

/** What is left of the first; null where one of them is a gap. */
function remainder(whole: string | null, parts: readonly (string | null)[]): string | null {
  let rest = whole === null ? null : new Decimal(whole);
  for (const part of parts) rest = rest === null || part === null ? null : rest.minus(part);
  return figureOrNull(rest);
}

interface Flows {
  readonly in: Decimal | null;
  readonly out: Decimal | null;
  readonly ins: number;
  readonly outs: number;
}

/** Gross within a day, too: what came in and what went out on one day are both told. */
function flowsOf({ days }: NavHistory): Flows {
  let [into, out, ins, outs] = [ZERO, ZERO, 0, 0];
  for (const { flow, gross } of days.slice(1)) {
    if (flow === null) return { in: null, out: null, ins: 0, outs: 0 };
    const came = gross?.in ?? Decimal.max(flow, ZERO);
    const went = gross?.out ?? Decimal.min(flow, ZERO);
    into = into.plus(came);
    out = out.plus(went);
    if (!came.isZero()) ins += 1;
    if (!went.isZero()) outs += 1;
  }
  return { in: into, out, ins, outs };
}

/** Σ over days and currencies: what was held on the eve × the change of the rate. */
function currencyEffect({ buckets, baseCurrency, days }: NavHistory): Decimal | null {
  let sum = ZERO;
  for (const { currency, localValues, rates } of buckets) {
    if (currency === baseCurrency) continue;
    for (let day = 1; day < days.length; day += 1) {
      const [held, before, after] = [localValues[day - 1], rates[day - 1], rates[day]];
      // nothing was held on a day before the first, and a day without a value leaves its change untold
      if (held === undefined || held === null || before === undefined || after === undefined) return null;
      if (held.isZero() || before.equals(after)) continue;
      sum = sum.plus(held.times(after.minus(before)));
    }
  }
  return sum;
}
