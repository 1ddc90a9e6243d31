import type { Agent } from '../capability';
import { reportable } from '../financial-analyst/base-currency';
import { applyShocks } from './apply-shocks';

/** What would become of a portfolio: docs/figures.md has the formulas and their sources. */
export function scenarioAnalyst(): Agent {
  return { name: 'scenario_analyst', version: '1.2.0', capabilities: [reportable(applyShocks)] };
}
