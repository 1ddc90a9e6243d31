import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  canonicalJson,
  type CapabilityCatalog,
  type InvokeCapability,
  type Sha256Hex,
  sha256Hex,
  type StepInvocation,
  type StepResult,
} from '@dawsos/contracts';
import { addAgentAttributes, type MetricsRegistry, traceContext } from '@dawsos/observability';
import { withDeadline } from '@dawsos/resilience';
import { hashArgs } from '../cache/canonical-args';
import { deepFreeze } from '../cache/freeze';
import { type CachedResult, type StepCache, stepKey } from '../cache/step-cache';
import type { Agent } from '../capability';
import { createRecorder, type World } from '../reads/recording';
import { type AgentBreaker, type BreakerMetrics, type BreakerOptions, createBreaker } from './breaker';
import { abortReason, asStepError, stepTimeout } from './faults';
import { type AgentRegistry, createRegistry, type Route } from './registry';
import { type RetryOptions, withRetries } from './retry';
import { parseArgs, parseResult } from './validation';

export interface AgentRuntimeOptions {
  readonly agents: readonly Agent[];
  readonly metrics: BreakerMetrics & Pick<MetricsRegistry, 'timeAgent'>;
  /** Absent: every step is computed. */
  readonly stepCache?: StepCache;
  readonly breaker?: Partial<BreakerOptions>;
  readonly retry?: Partial<RetryOptions>;
  /** For one attempt of a step that names no timeout. */
  readonly timeoutMs?: number;
}

export interface CapabilityDescription {
  readonly name: string;
  readonly description: string;
  readonly agentName: string;
}

export interface AgentRuntime {
  readonly catalog: CapabilityCatalog;
  describe(): readonly CapabilityDescription[];
  breakerStates(): readonly { readonly agentName: string; readonly state: AgentBreaker['state'] }[];
  /** The capabilities over one run's pinned pack and ledger. */
  bind(world: World): InvokeCapability;
}

/** DOMAIN's provider figures: three retries from 1 s would outlast a run's patience, so steps retry sooner. */
const RETRY: RetryOptions = { retries: 2, initialDelayMs: 100, maxDelayMs: 2_000, random: Math.random };
const BREAKER: BreakerOptions = { failures: 5, halfOpenAfterMs: 30_000 };
const TIMEOUT_MS = 30_000;

/** @throws DawsosError `capability_conflict` */
export function createAgentRuntime(options: AgentRuntimeOptions): AgentRuntime {
  const registry: AgentRegistry = createRegistry(options.agents);
  const breakers = new Map(
    registry.agents.map(({ name }) => [
      name,
      createBreaker(name, { ...BREAKER, ...options.breaker }, options.metrics),
    ]),
  );
  const runner = new StepRunner(options, breakers);
  return {
    catalog: registry.catalog,
    describe: () =>
      registry.routes().map(({ agent, capability: { name, description } }) => ({
        name,
        description,
        agentName: agent.name,
      })),
    breakerStates: () => [...breakers].map(([agentName, { state }]) => ({ agentName, state })),
    bind: (world) => async (invocation) => {
      const route = registry.route(invocation.capability);
      const { name: agent_name, version: agent_version } = route.agent;
      // The step's own span says who does it as well.
      addAgentAttributes({ agent_name, capability: invocation.capability });
      const attributes = { agent_name, agent_version, capability: invocation.capability };
      return traceContext('agent_execute', attributes, async (span) => {
        const result = await runner.run(route, invocation, world);
        span.setAttributes({ cached: result.cached });
        return result;
      });
    },
  };
}

class StepRunner {
  private readonly retry: RetryOptions;

  constructor(
    private readonly options: AgentRuntimeOptions,
    private readonly breakers: ReadonlyMap<string, AgentBreaker>,
  ) {
    this.retry = { ...RETRY, ...options.retry };
  }

  async run(route: Route, invocation: StepInvocation, world: World): Promise<StepResult> {
    const { metrics, stepCache } = this.options;
    return metrics.timeAgent(route.agent.name, invocation.capability, async () => {
      const argsHash = hashArgs(invocation.args);
      if (stepCache === undefined) {
        const computed = await this.compute(route, invocation, world);
        return stepResult(route, invocation, argsHash, computed, false);
      }
      // Arguments that gave a kept result were checked then, by this version of the agent.
      const key = stepKey(route, argsHash, world);
      const known = await stepCache.find(key, world);
      if (known !== undefined) return stepResult(route, invocation, argsHash, known, true);
      const computed = await this.compute(route, invocation, world);
      stepCache.keep(key, world, computed);
      return stepResult(route, invocation, argsHash, computed, false);
    });
  }

  private async compute(route: Route, invocation: StepInvocation, world: World): Promise<CachedResult> {
    const { signal } = invocation;
    const args = parseArgs(route, invocation);
    const retry = { ...this.retry, retries: invocation.retries ?? this.retry.retries };
    const breaker = this.breakers.get(route.agent.name);
    const attempt = (): Promise<CachedResult> => this.attempt(route, invocation, args, world);
    return withRetries(retry, signal, () =>
      breaker === undefined ? attempt() : breaker.execute(attempt, signal),
    );
  }

  /** One attempt, with readers of its own, so that the reads of a failed one are not in the record. */
  private async attempt(
    route: Route,
    invocation: StepInvocation,
    args: unknown,
    world: World,
  ): Promise<CachedResult> {
    // Capabilities compute without a pause: between two of them, locks are renewed and cancellations heard.
    await nextTurn();
    const { signal, stepId } = invocation;
    const timeoutMs = invocation.timeoutMs ?? this.options.timeoutMs ?? TIMEOUT_MS;
    try {
      const { result, reads } = await withDeadline(
        { timeoutMs, outer: signal },
        { onTimeout: () => stepTimeout(invocation, timeoutMs), onAbort: () => abortReason(signal) },
        async (attemptSignal) => {
          const recorder = createRecorder(world, attemptSignal);
          const { pack, ledger, source } = recorder;
          const context = { pack, ledger, source, asofDate: world.asofDate, signal: attemptSignal };
          return { result: await route.capability.run(args, context), reads: recorder.reads() };
        },
      );
      const parsed = deepFreeze(parseResult(route, stepId, result));
      const resultJson = canonicalJson(parsed);
      return { result: parsed, resultJson, resultHash: sha256Hex(resultJson), reads };
    } catch (error) {
      throw asStepError(error, route, invocation);
    }
  }
}

function stepResult(
  { agent }: Route,
  { stepIndex, stepId, capability, dependsOn }: StepInvocation,
  argsHash: Sha256Hex,
  { result, resultJson, resultHash, reads }: CachedResult,
  cached: boolean,
): StepResult {
  return {
    result,
    resultJson,
    cached,
    record: {
      step_index: stepIndex,
      step_id: stepId,
      capability,
      agent_name: agent.name,
      agent_version: agent.version,
      depends_on: [...dependsOn],
      args_hash: argsHash,
      reads: [...reads],
      result_hash: resultHash,
    },
  };
}
