import type { Agent } from '../capability';
import { detectRegime } from './detect-regime';
import { getIndicators, recessionSignals } from './get-indicators';

/** The state of the economy from macro series: docs/figures.md has methods and sources. */
export function macroHound(): Agent {
  return {
    name: 'macro_hound',
    version: '1.2.0',
    capabilities: [detectRegime, getIndicators, recessionSignals],
  };
}
