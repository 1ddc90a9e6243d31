import type { Agent } from '../capability';
import { applyPack } from './apply-pack';
import { reportable } from './base-currency';
import { benchmarkComparison } from './benchmark-comparison';
import { portfolioBridge } from './bridge/portfolio-bridge';
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
import { positionCosts } from './position-costs';
import { returnsByPeriod } from './returns-by-period';
import { sectorAllocation } from './sector-allocation';
import { timeWeightedReturn } from './time-weighted-return';
import { valueAtRisk } from './value-at-risk';
import { valueHistory } from './value-history';
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
      positionCosts,
      sectorAllocation,
      historicalNav,
      portfolioBridge,
      timeWeightedReturn,
      moneyWeightedReturn,
      returnsByPeriod,
      currencyAttribution,
      benchmarkComparison,
      valueAtRisk,
      chartsOverview,
      valueHistory,
      reportable(holdingPosition),
      holdingPriceHistory,
      reportable(holdingIncome),
      holdingContribution,
    ],
  };
}
