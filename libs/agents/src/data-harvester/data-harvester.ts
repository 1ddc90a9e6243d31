import type { Agent } from '../capability';
import { reportable } from '../financial-analyst/base-currency';
import { actionImpact } from './action-impact';
import { loadFundamentals } from './load-fundamentals';
import { searchNews } from './search-news';
import { upcomingActions } from './upcoming-actions';

/** What sources say of holdings, with the source of each thing said. */
export function dataHarvester(): Agent {
  return {
    name: 'data_harvester',
    version: '1.1.0',
    capabilities: [reportable(upcomingActions), reportable(actionImpact), loadFundamentals, searchNews],
  };
}
