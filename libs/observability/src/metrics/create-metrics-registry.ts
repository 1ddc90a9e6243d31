import { collectDefaultMetrics, Registry, type OpenMetricsContentType } from 'prom-client';
import type { MetricsRegistry } from '../metrics-registry';
import { METRICS } from './catalogue';
import { exposeRegistry } from './exposition';
import { makeCounter, makeGauge, makeHistogram, type InstrumentDefinition } from './instruments';
import { boundLabel, createLabelBound, createLabelsBound } from './label';

export interface MetricsOptions {
  readonly serviceName?: string;
  readonly serviceVersion?: string;
  /** CPU, memory, event loop and garbage collection of the process; on unless set to false. */
  readonly processMetrics?: boolean;
  readonly patternIds?: readonly string[];
}

const PACKS_KEPT = 50;
const NAMES_KEPT = 200;
/** prom-client's gauges that end in `_total`, which only a counter may; each has a twin without a sum's labels. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];
/** The methods of RFC 9110 and 5789; any other, which a client may make up, is `_OTHER`, as OpenTelemetry has it. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);
const FRESHNESS = { warming: 0, fresh: 1, error: 2, stale: 3 } as const;
const BREAKER = { closed: 0, open: 1, half_open: 2 } as const;

const secondsSince = (start: number): number => (performance.now() - start) / 1_000;

const errorType = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'unknown';
};

/** The metrics of one process, in a registry of their own. */
export const createMetricsRegistry = (options: MetricsOptions = {}): MetricsRegistry => {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const counter = (definition: InstrumentDefinition) => makeCounter(definition, registry);
  const gauge = (definition: InstrumentDefinition) => makeGauge(definition, registry);
  const histogram = (definition: InstrumentDefinition) => makeHistogram(definition, registry);

  const httpDuration = histogram(METRICS.httpDuration);
  const requestDuration = histogram(METRICS.requestDuration);
  const requests = counter(METRICS.requests);
  const requestErrors = counter(METRICS.requestErrors);
  const packFreshness = gauge(METRICS.packFreshness);
  const packHealth = gauge(METRICS.packHealth);
  const packBuild = histogram(METRICS.packBuildDuration);
  const agentInvocations = counter(METRICS.agentInvocations);
  const agentLatency = histogram(METRICS.agentLatency);
  const breakerState = gauge(METRICS.breakerState);
  const breakerFailures = counter(METRICS.breakerFailures);
  const patternExecutions = counter(METRICS.patternExecutions);
  const stepDuration = histogram(METRICS.stepDuration);
  const queueJobs = gauge(METRICS.queueJobs);
  const queueWait = histogram(METRICS.queueWait);
  const queueOldest = gauge(METRICS.queueOldestWaiting);
  const queueStalled = counter(METRICS.queueStalled);
  const workerConcurrency = gauge(METRICS.workerConcurrency);
  const workerActive = gauge(METRICS.workerActiveJobs);
  gauge(METRICS.buildInfo).set(
    { version: options.serviceVersion ?? 'unknown', service: options.serviceName ?? 'unknown' },
    1,
  );
  if (options.processMetrics !== false) {
    collectDefaultMetrics({ register: registry });
    for (const misnamed of MISNAMED) registry.removeSingleMetric(misnamed);
  }

  const known = new Set(options.patternIds);
  const pattern = (id: string): string => (known.has(id) ? boundLabel(id) : 'unknown');
  const name = createLabelBound(NAMES_KEPT);
  const packs = new Set<string>();
  const scrapes: (() => Promise<void> | void)[] = [];
  let lastScrape: Promise<void> | undefined;

  /** Pack ids sort by day; the oldest leaves when there are too many. */
  const keepPack = (packId: string): string => {
    const pack = boundLabel(packId);
    packs.add(pack);
    if (packs.size > PACKS_KEPT) {
      const oldest = [...packs].sort()[0] ?? pack;
      packs.delete(oldest);
      packFreshness.remove({ pack_id: oldest });
      packBuild.remove({ pack_id: oldest });
    }
    return pack;
  };

  const metrics: MetricsRegistry = {
    async timeRequest(patternId, fn) {
      const start = performance.now();
      try {
        const result = await fn();
        metrics.recordRequest(patternId, 'success', secondsSince(start));
        return result;
      } catch (error) {
        metrics.recordRequest(patternId, 'error', secondsSince(start));
        metrics.recordRequestError(patternId, errorType(error));
        throw error;
      }
    },
    recordHttpRequest(method, route, status, seconds) {
      httpDuration.observe(
        {
          http_request_method: METHODS.has(method) ? method : '_OTHER',
          http_route: name(route),
          http_response_status_code: String(status),
        },
        seconds,
      );
    },
    recordRequest(patternId, status, seconds) {
      const labels = { pattern_id: pattern(patternId), status: name(status) };
      requestDuration.observe(labels, seconds);
      requests.inc(labels);
    },
    recordRequestError: (patternId, type) =>
      requestErrors.inc({ pattern_id: pattern(patternId), error_type: name(type) }),
    async timeAgent(agentName, capability, fn) {
      const labels = { agent_name: name(agentName), capability: name(capability) };
      const start = performance.now();
      try {
        const result = await fn();
        agentLatency.observe(labels, secondsSince(start));
        agentInvocations.inc({ ...labels, status: 'success' });
        return result;
      } catch (error) {
        agentLatency.observe(labels, secondsSince(start));
        agentInvocations.inc({ ...labels, status: 'error' });
        throw error;
      }
    },
    async timeStep(patternId, stepIndex, capability, fn) {
      const start = performance.now();
      try {
        return await fn();
      } finally {
        stepDuration.observe(
          { pattern_id: pattern(patternId), step_index: String(stepIndex), capability: name(capability) },
          secondsSince(start),
        );
      }
    },
    recordPatternExecution: (patternId, status) =>
      patternExecutions.inc({ pattern_id: pattern(patternId), status: name(status) }),
    recordPackFreshness: (packId, status) =>
      packFreshness.set({ pack_id: keepPack(packId) }, FRESHNESS[status]),
    recordPackHealth: (policy, status) => packHealth.set({ policy: name(policy) }, FRESHNESS[status]),
    recordPackBuild: (packId, seconds) => packBuild.observe({ pack_id: keepPack(packId) }, seconds),
    recordCircuitBreakerState(agentName, state) {
      const labels = { agent_name: name(agentName) };
      breakerState.set(labels, BREAKER[state]);
      // there from the start: see knowPatterns
      breakerFailures.inc(labels, 0);
    },
    recordCircuitBreakerFailure: (agentName) => breakerFailures.inc({ agent_name: name(agentName) }),
    recordQueueWait: (queue, seconds) => queueWait.observe({ queue: name(queue) }, seconds),
    recordStalled: (queue) => queueStalled.inc({ queue: name(queue) }),
    setWorkerConcurrency(queue, concurrency) {
      const labels = { queue: name(queue) };
      workerConcurrency.set(labels, concurrency);
      queueStalled.inc(labels, 0);
    },
    setWorkerActiveJobs: (queue, jobs) => workerActive.set({ queue: name(queue) }, jobs),
    setQueueJobs: (queue, state, jobs) => queueJobs.set({ queue: name(queue), state: name(state) }, jobs),
    setQueueOldestWaiting: (queue, seconds) => queueOldest.set({ queue: name(queue) }, seconds),
    onScrape: (collect) => void scrapes.push(collect),
    counter(own) {
      const made = counter({ ...own, type: 'counter', labels: own.labelNames ?? [] });
      const bounded = createLabelsBound(NAMES_KEPT);
      return { inc: (labels, value) => made.inc(bounded(labels), value) };
    },
    gauge(own) {
      const made = gauge({ ...own, type: 'gauge', labels: own.labelNames ?? [] });
      const bounded = createLabelsBound(NAMES_KEPT);
      return { set: (labels, value) => made.set(bounded(labels), value) };
    },
    histogram(own) {
      const made = histogram({ ...own, type: 'histogram', labels: own.labelNames ?? [] });
      const bounded = createLabelsBound(NAMES_KEPT);
      return { observe: (labels, value) => made.observe(bounded(labels), value) };
    },
    knowPatterns(patternIds, { requests: asked = [], executions = [] } = {}) {
      for (const id of patternIds) {
        known.add(id);
        const pattern_id = pattern(id);
        for (const status of asked) requests.inc({ pattern_id, status: name(status) }, 0);
        for (const status of executions) patternExecutions.inc({ pattern_id, status: name(status) }, 0);
      }
    },
    async expose(accept) {
      lastScrape ??= Promise.allSettled(scrapes.map(async (collect) => collect())).then(() => {
        lastScrape = undefined;
      });
      await lastScrape;
      return exposeRegistry(registry, accept);
    },
  };
  return metrics;
};
