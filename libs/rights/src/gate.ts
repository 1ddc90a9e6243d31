import { contentHash, type JsonValue } from '@dawsos/contracts';
import { decide, type Block, type RightsRequest } from './decision';
import type { RightsRegistry } from './registry';

/** What is decided of one figure, and on what grounds. */
export interface FigureDecision {
  readonly figure: string;
  readonly sources: readonly string[];
  readonly allowed: boolean;
  readonly blocks: readonly Block[];
}

export interface GateDecision {
  readonly request: RightsRequest;
  readonly environment: string;
  readonly registryHash: string;
  readonly figures: readonly FigureDecision[];
  /** What must stand beside the figures that are allowed, each once. */
  readonly attributions: readonly string[];
  readonly watermarks: readonly string[];
  /** The sources of the allowed figures whose data may not be passed on. */
  readonly notForRedistribution: readonly string[];
}

export interface RightsGate {
  readonly registry: RightsRegistry;
  readonly environment: string;
  /** @param figures each figure's sources, as figureSources gives them */
  judge(figures: ReadonlyMap<string, readonly string[]>, request: RightsRequest): GateDecision;
}

/** Decides over the figures of results by one registry, in one environment. */
export function createRightsGate(registry: RightsRegistry, environment: string): RightsGate {
  const registryHash = contentHash(JSON.parse(JSON.stringify(registry)) as JsonValue);
  return {
    registry,
    environment,
    judge(figures, request) {
      const decisions = [...figures].map(([figure, sources]): FigureDecision => {
        const { allowed, blocks } = decide(registry, sources, request, environment);
        return { figure, sources, allowed, blocks };
      });
      const out = new Set(decisions.flatMap(({ allowed, sources }) => (allowed ? sources : [])));
      const { attributions, watermarks } = decide(registry, out, request, environment);
      const passingOn = decide(registry, out, { action: 'redistribute' }, environment);
      return {
        request,
        environment,
        registryHash,
        figures: decisions,
        attributions,
        watermarks,
        notForRedistribution: passingOn.blocks.map(({ source }) => registry.sources[source]?.name ?? source),
      };
    },
  };
}

/** The sources that block, each once, with their reasons and remedies. */
export function blocksOf(decision: Pick<GateDecision, 'figures'>): readonly Block[] {
  const bySource = new Map<string, Block>();
  for (const { blocks } of decision.figures) for (const block of blocks) bySource.set(block.source, block);
  return [...bySource.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
}
