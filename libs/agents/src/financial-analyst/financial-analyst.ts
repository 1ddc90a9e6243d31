import type { Agent } from '../capability';
import { applyPack } from './apply-pack';
import { reportable } from './base-currency';
import { benchmarkComparison } from './benchmark-comparison';
import { chartsOverview } from './charts-overview';
import { currencyAttribution } from './currency-attribution';
import { holdingContribution } from './holding-contribution';
import { holdingIncome } from './holding-income';
import { holdingPosition } from './holding-position';
import { holdingPriceHistory } from './holding-price-history';
import { historicalNav } from './historical-nav';
import { ledgerPositions } from './ledger-positions';
import { ledgerTransactions } from './ledger-transactions';
import { moneyWeightedReturn } from './money-weighted-return';
import { sectorAllocation } from './sector-allocation';
import { timeWeightedReturn } from './time-weighted-return';
import { valueAtRisk } from './value-at-risk';
import { valuedPositions } from './valued-positions';

/** Holdings, returns, attribution and risk of a portfolio: docs/figures.md has each figure's formula. */
export function financialAnalyst(): Agent {
  return {
    name: 'financial_analyst',
    version: '2.3.0',
    capabilities: [
      ledgerPositions,
      ledgerTransactions,
      applyPack,
      valuedPositions,
      sectorAllocation,
      historicalNav,
      timeWeightedReturn,
      moneyWeightedReturn,
      currencyAttribution,
      benchmarkComparison,
      valueAtRisk,
      chartsOverview,
      reportable(holdingPosition),
      holdingPriceHistory,
      reportable(holdingIncome),
      holdingContribution,
    ],
  };
}
