import { type CapabilityCatalog, DawsosError } from '@dawsos/contracts';
import type { Agent, Capability } from '../capability';

export interface Route {
  readonly agent: Agent;
  readonly capability: Capability;
}

export interface AgentRegistry {
  readonly catalog: CapabilityCatalog;
  readonly agents: readonly Agent[];
  /** In the order of the capabilities' names. */
  routes(): readonly Route[];
  /** @throws DawsosError `capability_unknown` */
  route(capability: string): Route;
}

/** @throws DawsosError `capability_conflict` when two agents claim one capability or share a name. */
export function createRegistry(agents: readonly Agent[]): AgentRegistry {
  const routes = new Map<string, Route>();
  const names = new Set<string>();
  for (const agent of agents) {
    if (names.has(agent.name)) {
      throw new DawsosError('capability_conflict', `two agents are called "${agent.name}"; rename one`);
    }
    names.add(agent.name);
    for (const capability of agent.capabilities) {
      const other = routes.get(capability.name);
      if (other !== undefined) throw conflict(capability.name, other.agent.name, agent.name);
      routes.set(capability.name, { agent, capability });
    }
  }
  const sorted = [...routes.keys()].sort();
  return {
    agents,
    catalog: { has: (capability) => routes.has(capability), names: () => sorted },
    routes: () => sorted.flatMap((name) => routes.get(name) ?? []),
    route(capability) {
      const route = routes.get(capability);
      if (route !== undefined) return route;
      throw new DawsosError(
        'capability_unknown',
        `no agent provides "${capability}"; there are ${sorted.join(', ')}`,
      );
    },
  };
}

/** What the agents can do, for whoever checks patterns and runs none. @throws DawsosError `capability_conflict` */
export const capabilityCatalog = (agents: readonly Agent[]): CapabilityCatalog =>
  createRegistry(agents).catalog;

function conflict(capability: string, first: string, second: string): DawsosError {
  const message =
    first === second
      ? `the agent "${first}" lists "${capability}" twice; remove one`
      : `the agents "${first}" and "${second}" both claim "${capability}"; remove it from one`;
  return new DawsosError('capability_conflict', message);
}
