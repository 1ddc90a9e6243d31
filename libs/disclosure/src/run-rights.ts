import type { PatternDefinition, Run } from '@dawsos/contracts';
import { EXPORT_FORMATS, outcomeOf, sourcesOf, type RightsGate, type RightsRequest } from '@dawsos/rights';
import { z } from 'zod';

const UseSchema = z.enum(['display', ...EXPORT_FORMATS]);
type Use = z.infer<typeof UseSchema>;

/** What may be done with a run's result, figure by figure; says nothing of its values. */
export const RunRightsSchema = z.object({
  run_id: z.uuid(),
  environment: z.string(),
  uses: z
    .array(
      z.object({
        use: UseSchema,
        outcome: z
          .enum(['allowed', 'partial', 'refused'])
          .describe('`partial`: only without the figures that are blocked.'),
      }),
    )
    .describe('Showing the result, and each format of an export.'),
  figures: z.array(
    z.object({
      figure: z.string(),
      sources: z.array(z.string()),
      blocks: z.array(
        z.object({ use: UseSchema, source: z.string(), reason: z.string(), remedy: z.string() }),
      ),
    }),
  ),
  attributions: z.array(z.string()),
});
export type RunRights = z.infer<typeof RunRightsSchema>;

/** @param formats those that the pattern's author lets it leave in */
export function rightsOfRun(
  run: Run,
  gate: RightsGate,
  formats: NonNullable<PatternDefinition['rights']>['export'],
): RunRights {
  const figures = sourcesOf(run);
  const decisions = UseSchema.options.map((use) => ({ use, ...gate.judge(figures, requestOf(use)) }));
  return {
    run_id: run.run_id,
    environment: gate.environment,
    uses: decisions.map(({ use, figures: judged }) => ({
      use,
      outcome: use !== 'display' && !formats.includes(use) ? 'refused' : outcomeOf(judged),
    })),
    figures: [...figures].map(([figure, sources]) => ({
      figure,
      sources: [...sources],
      blocks: decisions.flatMap(({ use, figures: judged }) =>
        judged
          .filter((decision) => decision.figure === figure)
          .flatMap(({ blocks }) => blocks.map((block) => ({ use, ...block }))),
      ),
    })),
    attributions: [...(decisions[0]?.attributions ?? [])],
  };
}

const requestOf = (use: Use): RightsRequest =>
  use === 'display' ? { action: 'display' } : { action: 'export', format: use };
