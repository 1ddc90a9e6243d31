import type { CapabilityCatalog } from '@dawsos/contracts';

/** The capabilities of the agents that ship: what a pattern may name. */
export async function shippedCapabilities(): Promise<CapabilityCatalog> {
  const { financialAnalyst } = await import('@dawsos/agents');
  const names = financialAnalyst()
    .capabilities.map((capability) => capability.name)
    .sort();
  return { has: (name) => names.includes(name), names: () => names };
}

export interface CapabilityLine {
  readonly name: string;
  readonly agentName: string;
  readonly description: string;
}

export async function describeCapabilities(): Promise<readonly CapabilityLine[]> {
  const { financialAnalyst } = await import('@dawsos/agents');
  const agent = financialAnalyst();
  return agent.capabilities
    .map(({ name, description }) => ({ name, agentName: agent.name, description }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
