import type { CapabilityCatalog } from '@dawsos/contracts';

/** The capabilities of the agents that ship: what a pattern may name. */
export async function shippedCapabilities(): Promise<CapabilityCatalog> {
  const { financialAnalyst } = await import('@dawsos/agents');
  const names = financialAnalyst()
    .capabilities.map((capability) => capability.name)
    .sort();
  return { has: (name) => names.includes(name), names: () => names };
}
