import type { CostSpec, IncompleteAmount, LotCost } from '../incomplete';

const amountText = ({ number, currency }: IncompleteAmount) =>
  [number?.toString(), currency].filter(Boolean).join(' ');

function costText(cost: CostSpec | LotCost): string {
  const number = cost.kind === 'cost' ? cost.number : cost.numberPer;
  const total = cost.kind === 'spec' && cost.numberTotal ? ['#', cost.numberTotal.toString()] : [];
  const amount = [number?.toString(), ...total, cost.currency].filter(Boolean).join(' ');
  const label = cost.label ? `"${cost.label}"` : '';
  return [amount, cost.date, label].filter(Boolean).join(', ');
}

/** `-10 HOOL {100.00 USD, 2015-09-30}` */
export function lotText(units: IncompleteAmount, cost: CostSpec | LotCost | null | undefined): string {
  return cost ? `${amountText(units)} {${costText(cost)}}` : amountText(units);
}
