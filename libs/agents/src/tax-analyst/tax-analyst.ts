import type { Agent } from '../capability';
import { identifyLosses } from './identify-losses';
import { lotDetails } from './lot-details';
import { rankOpportunities } from './rank-opportunities';
import { realisedGains } from './realised-gains';
import { taxSummary } from './tax-summary';
import { washSaleCheck } from './wash-sale-check';
import { washSales } from './wash-sales';

/** Gains by lot under the United States' rules for individuals: docs/figures.md has the formulas and sources. */
export function taxAnalyst(): Agent {
  return {
    name: 'tax_analyst',
    version: '2.0.0',
    capabilities: [
      realisedGains,
      washSales,
      lotDetails,
      taxSummary,
      identifyLosses,
      washSaleCheck,
      rankOpportunities,
    ],
  };
}
