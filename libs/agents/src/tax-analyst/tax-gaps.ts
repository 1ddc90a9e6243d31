import type { Lack } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { isOwn, transactions } from '../financial-analyst/holdings';
import type { Disposal } from '../financial-analyst/lot-book/disposals';
import { isMoney } from '../financial-analyst/market-history';
import type { StatedGap } from '../financial-analyst/stated-gap';
import type { TaxHistory } from './tax-history';

/** What the ledger does not say that a gain needs; each such thing is named, and none of it is in a sum. */
export function saleGaps(
  sales: readonly Disposal[],
  { faults }: TaxHistory,
  context: CapabilityContext,
): StatedGap[] {
  return unique([
    ...faults.map(({ code, detail, transaction: { date, location } }) => ({
      figure: 'sales',
      code,
      detail: `${detail} (${date}, ${location.file}:${String(location.line)})`,
    })),
    ...sales.flatMap(({ commodity, lacks }) => lackGaps('gain_base', commodity, lacks)),
    ...undated(sales),
    ...withoutCost(context),
  ]);
}

export function lackGaps(name: string, commodity: string, lacks: readonly Lack[]): StatedGap[] {
  return lacks.map(({ code, detail }) => ({ figure: name, code, detail: `${commodity}: ${detail}` }));
}

export function unique(gaps: readonly StatedGap[]): StatedGap[] {
  return [...new Map(gaps.map((gap) => [JSON.stringify(gap), gap])).values()];
}

function undated(sales: readonly Disposal[]): StatedGap[] {
  return sales
    .filter(({ term }) => term === null)
    .map(({ commodity, transaction }) => ({
      figure: 'term',
      code: 'lot_undated',
      detail: `the lot of ${commodity} sold on ${transaction.date} has no date in the ledger`,
    }));
}

/** A commodity that is not money and is held without a cost: its gain cannot be known. */
function withoutCost(context: CapabilityContext): StatedGap[] {
  const { ledger, asofDate } = context;
  const portfolio = ledger.portfolio();
  const commodities = new Set(
    transactions(ledger.entries({ to: asofDate }))
      .flatMap(({ postings }) => postings)
      .filter(({ account, cost }) => cost === null && isOwn(portfolio, account))
      .map(({ units }) => units.currency),
  );
  return [...commodities]
    .sort()
    .filter((commodity) => !isMoney(commodity, context) && !ledger.facts(commodity).isCounter)
    .map((commodity) => ({
      figure: 'sales',
      code: 'cost_missing',
      detail: `the ledger holds ${commodity} without a cost; its sales have no gain to report`,
    }));
}
