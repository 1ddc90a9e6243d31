import type { Agent } from '../capability';
import { analyzeImpact } from './analyze-impact';
import { reportable } from '../financial-analyst/base-currency';
import { proposeTrades } from './propose-trades';

/** What to trade: docs/figures.md has the rules and their sources. */
export function portfolioOptimizer(): Agent {
  return {
    name: 'portfolio_optimizer',
    version: '1.2.0',
    capabilities: [reportable(proposeTrades), analyzeImpact],
  };
}
