import type { Agent } from './capability';
import { dataHarvester } from './data-harvester/data-harvester';
import { financialAnalyst } from './financial-analyst/financial-analyst';
import { macroHound } from './macro-hound/macro-hound';
import { portfolioOptimizer } from './portfolio-optimizer/portfolio-optimizer';
import { scenarioAnalyst } from './scenario-analyst/scenario-analyst';
import { taxAnalyst } from './tax-analyst/tax-analyst';

/** The agents that every process works with: the worker runs them, the API and the terminal know their capabilities. */
export function shippedAgents(): readonly Agent[] {
  return [
    dataHarvester(),
    financialAnalyst(),
    macroHound(),
    portfolioOptimizer(),
    scenarioAnalyst(),
    taxAnalyst(),
  ];
}
