/** The metrics of the catalogue (metrics/catalogue.ts) and a way to add one's own. Each process makes one; there is no global registry. */
export interface MetricsRegistry {
  /** Times `fn` as one request; the returned status label is `success`, or `error` when it throws. */
  timeRequest<T>(patternId: string, fn: () => Promise<T>): Promise<T>;
  /** `route` is the route's pattern, never the path that was asked for. */
  recordHttpRequest(method: string, route: string, status: number, seconds: number): void;
  recordRequest(patternId: string, status: string, seconds: number): void;
  recordRequestError(patternId: string, errorType: string): void;
  timeAgent<T>(agentName: string, capability: string, fn: () => Promise<T>): Promise<T>;
  timeStep<T>(patternId: string, stepIndex: number, capability: string, fn: () => Promise<T>): Promise<T>;
  recordPatternExecution(patternId: string, status: string): void;
  recordPackFreshness(packId: string, status: 'warming' | 'fresh' | 'error' | 'stale'): void;
  /** The state of the pack that a request for today gets under a policy; `warming` where there is none. */
  recordPackHealth(policy: string, status: 'warming' | 'fresh' | 'error' | 'stale'): void;
  recordPackBuild(packId: string, seconds: number): void;
  recordCircuitBreakerState(agentName: string, state: 'closed' | 'open' | 'half_open'): void;
  recordCircuitBreakerFailure(agentName: string): void;
  recordQueueWait(queue: string, seconds: number): void;
  recordStalled(queue: string): void;
  setWorkerConcurrency(queue: string, concurrency: number): void;
  setWorkerActiveJobs(queue: string, jobs: number): void;
  /** Sets the queue's depth figures, once a scrape, in the process that owns them. */
  onScrape(collect: () => Promise<void> | void): void;
  setQueueJobs(queue: string, state: string, jobs: number): void;
  setQueueOldestWaiting(queue: string, seconds: number): void;
  counter<L extends string>(options: {
    name: string;
    help: string;
    labelNames?: readonly L[];
  }): { inc(labels: Record<L, string>, value?: number): void };
  gauge<L extends string>(options: {
    name: string;
    help: string;
    labelNames?: readonly L[];
  }): { set(labels: Record<L, string>, value: number): void };
  histogram<L extends string>(options: {
    name: string;
    help: string;
    labelNames?: readonly L[];
    buckets: readonly number[];
  }): {
    observe(labels: Record<L, string>, value: number): void;
  };
  /**
   * Bounds pattern_id labels: an id that was not announced is counted as `unknown`. Counters of the statuses named are
   * there from now on, at 0, since rate() does not see the first step of one that begins at 1.
   */
  knowPatterns(
    patternIds: readonly string[],
    statuses?: { readonly requests?: readonly string[]; readonly executions?: readonly string[] },
  ): void;
  expose(accept: string | undefined): Promise<{ contentType: string; body: string }>;
}
