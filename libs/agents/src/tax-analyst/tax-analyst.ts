import type { Agent } from '../capability';
import { reportable } from '../financial-analyst/base-currency';
import { identifyLosses } from './identify-losses';
import { lotDetails } from './lot-details';
import { rankOpportunities } from './rank-opportunities';
import { realisedGains } from './realised-gains';
import { realisedInPeriod } from './realised-in-period';
import { taxSummary } from './tax-summary';
import { washSaleCheck } from './wash-sale-check';
import { washSales } from './wash-sales';

/** Gains by lot under the United States' rules for individuals: docs/figures.md has the formulas and sources. */
export function taxAnalyst(): Agent {
  return {
    name: 'tax_analyst',
    version: '2.1.0',
    capabilities: [
      reportable(realisedGains),
      reportable(realisedInPeriod),
      reportable(washSales),
      reportable(lotDetails),
      taxSummary,
      identifyLosses,
      reportable(washSaleCheck),
      rankOpportunities,
    ],
  };
}
