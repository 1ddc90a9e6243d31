import type { CapabilityContext } from '../capability';
import { isOwn, transactions } from '../financial-analyst/holdings';
import { isMoney } from '../financial-analyst/market-history';
import type { StatedGap } from '../financial-analyst/stated-gap';
import type { TaxHistory } from './tax-history';

/** What the ledger does not say that a gain needs; each such thing is named, and none of it is in a sum. */
export function saleGaps(history: TaxHistory, context: CapabilityContext): StatedGap[] {
  return [...uncovered(history), ...undated(history), ...withoutCost(context)];
}

function uncovered({ uncovered: movements }: TaxHistory): StatedGap[] {
  return movements.map(({ commodity, transaction: { location, date } }) => ({
    figure: 'sales',
    code: 'short_sale',
    detail:
      `more of a lot of ${commodity} leaves than is there (${date}, ${location.file}:${String(location.line)}); ` +
      'short sales have rules of their own and are not reported here',
  }));
}

function undated({ sales }: TaxHistory): StatedGap[] {
  return sales
    .filter(({ taxed }) => taxed.term === null)
    .map(({ movement }) => ({
      figure: 'term',
      code: 'lot_undated',
      detail: `the lot of ${movement.commodity} sold on ${movement.transaction.date} has no date in the ledger`,
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
