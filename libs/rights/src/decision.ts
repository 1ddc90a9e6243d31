import type { ExportFormat, RightsRegistry, SourceRights } from './registry';

export type RightsRequest =
  | { readonly action: 'display' }
  | { readonly action: 'redistribute' }
  | { readonly action: 'export'; readonly format: ExportFormat };

/** Why a source forbids a request, and what would lift it. */
export interface Block {
  readonly source: string;
  readonly reason: string;
  readonly remedy: string;
}

/** The deciding rules, not a bare boolean. */
export interface Decision {
  readonly allowed: boolean;
  readonly blocks: readonly Block[];
  /** What must stand beside the figures, each once, in the order of the sources' names. */
  readonly attributions: readonly string[];
  readonly watermarks: readonly string[];
}

/** Whether figures that rest on `sources` may be used so in `environment`. One source that forbids it is enough. */
export function decide(
  registry: RightsRegistry,
  sources: Iterable<string>,
  request: RightsRequest,
  environment: string,
): Decision {
  const blocks: Block[] = [];
  const attributions = new Set<string>();
  const watermarks = new Set<string>();
  for (const source of [...new Set(sources)].sort()) {
    const rights = Object.hasOwn(registry.sources, source) ? registry.sources[source] : undefined;
    if (rights === undefined) {
      blocks.push({
        source,
        reason: 'the registry does not know the source',
        remedy: `Add "${source}" to the rights registry.`,
      });
      continue;
    }
    if (!grants(rights, request, environment)) blocks.push(blockOf(source, rights, request));
    if (rights.attribution !== undefined) attributions.add(rights.attribution);
    if (rights.watermark !== undefined) watermarks.add(rights.watermark);
  }
  return {
    allowed: blocks.length === 0,
    blocks,
    attributions: [...attributions],
    watermarks: [...watermarks],
  };
}

function grants(rights: SourceRights, request: RightsRequest, environment: string): boolean {
  const override = Object.hasOwn(rights.environments, environment)
    ? rights.environments[environment]
    : undefined;
  if (request.action === 'export') return (override?.export ?? rights.export).includes(request.format);
  return override?.[request.action] ?? rights[request.action];
}

function blockOf(source: string, rights: SourceRights, request: RightsRequest): Block {
  const use = request.action === 'export' ? `export as ${request.format}` : request.action;
  const remedy =
    rights.licence === undefined
      ? `Leave out what rests on ${rights.name}.`
      : `Obtain: ${rights.licence} Or leave out what rests on ${rights.name}.`;
  return { source, reason: `${rights.name} does not allow ${use}`, remedy };
}

/** The outcome over all figures. A result without figures may be shown; there is nothing in it to export. */
export function outcomeOf(
  figures: readonly { readonly allowed: boolean }[],
): 'allowed' | 'partial' | 'refused' {
  const allowed = figures.filter((figure) => figure.allowed).length;
  if (allowed === figures.length) return 'allowed';
  return allowed === 0 ? 'refused' : 'partial';
}
