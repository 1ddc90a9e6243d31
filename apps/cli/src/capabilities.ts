import type { CapabilityCatalog } from '@dawsos/contracts';

/** The capabilities of the agents that ship: what a pattern may name. */
export async function shippedCapabilities(): Promise<CapabilityCatalog> {
  const names = (await describeCapabilities()).map(({ name }) => name);
  return { has: (name) => names.includes(name), names: () => names };
}

export interface CapabilityLine {
  readonly name: string;
  readonly agentName: string;
  readonly description: string;
}

/** In order of name. */
export async function describeCapabilities(): Promise<readonly CapabilityLine[]> {
  const { shippedAgents } = await import('@dawsos/agents');
  return shippedAgents()
    .flatMap((agent) =>
      agent.capabilities.map(({ name, description }) => ({ name, agentName: agent.name, description })),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
