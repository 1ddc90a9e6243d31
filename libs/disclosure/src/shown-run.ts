import type { Principal, Run } from '@dawsos/contracts';
import { outcomeOf, sourcesOf, type FigureDecision, type RightsAudit, type RightsGate } from '@dawsos/rights';

export interface Viewer {
  readonly principal: Principal;
  readonly requestId: string;
}

/** A run as this viewer may see it; what was decided is in the audit before the run is handed over. */
export type ShowRun = (run: Run, viewer: Viewer) => Promise<Run>;

/**
 * Figures that rest on a source that may not be displayed are withheld: null in `data`, with what blocks them in
 * `withheld`. Attributions stand beside the rest.
 */
export function createShowRun(gate: RightsGate, audit: RightsAudit): ShowRun {
  return async (run, { principal, requestId }) => {
    if (run.data === undefined) return run;
    const decision = gate.judge(sourcesOf(run), { action: 'display' });
    const withheld = decision.figures.filter(({ allowed }) => !allowed);
    const outcome = outcomeOf(decision.figures);
    await audit.record({ principalId: principal.id, requestId, run, decision, outcome });
    return {
      ...run,
      ...(withheld.length === 0 ? {} : without(run, withheld)),
      attributions: [...decision.attributions],
    };
  };
}

function without(run: Run, withheld: readonly FigureDecision[]): Pick<Run, 'data' | 'withheld'> {
  const gaps = Object.fromEntries(withheld.map(({ figure }) => [figure, null]));
  return {
    data: { ...run.data, ...gaps },
    withheld: withheld.map(({ figure, sources, blocks }) => ({
      figure,
      sources: [...sources],
      blocks: blocks.map((block) => ({ ...block })),
    })),
  };
}
