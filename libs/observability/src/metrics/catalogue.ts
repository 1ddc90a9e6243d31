type App = 'executor-api' | 'pattern-worker' | 'pack-builder';
const EVERY = ['executor-api', 'pattern-worker', 'pack-builder'] as const;
const WORKERS = ['pattern-worker', 'pack-builder'] as const;

/** One metric as users see it in dashboards and alerts: these names and labels are a contract. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** The apps whose processes set it; a metric of a whole queue or database has one exporter, so that sums are right. */
  readonly exporters: readonly App[];
  readonly buckets?: readonly number[];
}

const define = <const D extends MetricDefinition>(definition: D): D => definition;

/** The one table of metrics. docs/, dashboards and alert rules are compared with it. */
export const METRICS = {
  httpDuration: define({
    name: 'http_server_request_duration_seconds',
    type: 'histogram',
    help: 'Time to answer an HTTP request of any route, in seconds; name and labels as OpenTelemetry has them.',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
    exporters: ['executor-api'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  }),
  requestDuration: define({
    name: 'dawsos_executor_api_request_duration_seconds',
    type: 'histogram',
    help: 'Time to answer an execution request, in seconds.',
    labels: ['pattern_id', 'status'],
    exporters: ['executor-api'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  requests: define({
    name: 'dawsos_executor_requests_total',
    type: 'counter',
    help: 'Execution requests answered.',
    labels: ['pattern_id', 'status'],
    exporters: ['executor-api'],
  }),
  requestErrors: define({
    name: 'dawsos_executor_request_errors_total',
    type: 'counter',
    help: 'Execution requests that failed, by error code.',
    labels: ['pattern_id', 'error_type'],
    exporters: ['executor-api'],
  }),
  packFreshness: define({
    name: 'dawsos_executor_pack_freshness',
    type: 'gauge',
    help: 'State of a pricing pack: 0 warming, 1 fresh, 2 error, 3 stale.',
    labels: ['pack_id'],
    exporters: ['pack-builder'],
  }),
  packHealth: define({
    name: 'dawsos_pack_health',
    type: 'gauge',
    help: 'State of the pack that a request for today gets: 0 warming or none, 1 fresh, 2 error, 3 stale.',
    labels: ['policy'],
    exporters: ['pack-builder'],
  }),
  packBuildDuration: define({
    name: 'dawsos_executor_pack_build_duration_seconds',
    type: 'histogram',
    help: 'Time to build a pricing pack, in seconds.',
    labels: ['pack_id'],
    exporters: ['pack-builder'],
    buckets: [60, 300, 600, 1200, 1800, 3600],
  }),
  agentInvocations: define({
    name: 'dawsos_executor_agent_invocations_total',
    type: 'counter',
    help: 'Calls of a capability.',
    labels: ['agent_name', 'capability', 'status'],
    exporters: ['pattern-worker'],
  }),
  agentLatency: define({
    name: 'dawsos_executor_agent_latency_seconds',
    type: 'histogram',
    help: 'Time of one call of a capability, in seconds.',
    labels: ['agent_name', 'capability'],
    exporters: ['pattern-worker'],
    buckets: [0.001, 0.01, 0.05, 0.1, 0.5, 1, 5],
  }),
  breakerState: define({
    name: 'dawsos_executor_circuit_breaker_state',
    type: 'gauge',
    help: "State of an agent's circuit breaker: 0 closed, 1 open, 2 half open.",
    labels: ['agent_name'],
    exporters: ['pattern-worker'],
  }),
  breakerFailures: define({
    name: 'dawsos_executor_circuit_breaker_failures_total',
    type: 'counter',
    help: "Failures counted by an agent's circuit breaker.",
    labels: ['agent_name'],
    exporters: ['pattern-worker'],
  }),
  patternExecutions: define({
    name: 'dawsos_executor_pattern_executions_total',
    type: 'counter',
    help: 'Runs that ended. A cancellation is counted by the API, which writes it; every other end by its worker.',
    labels: ['pattern_id', 'status'],
    exporters: ['executor-api', 'pattern-worker'],
  }),
  stepDuration: define({
    name: 'dawsos_executor_pattern_step_duration_seconds',
    type: 'histogram',
    help: 'Time of one step of a pattern, in seconds.',
    labels: ['pattern_id', 'step_index', 'capability'],
    exporters: ['pattern-worker'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  }),
  buildInfo: define({
    name: 'dawsos_executor_build_info',
    type: 'gauge',
    help: 'Always 1; its labels name the version and the service.',
    labels: ['version', 'service'],
    exporters: EVERY,
  }),
  queueJobs: define({
    name: 'dawsos_queue_jobs',
    type: 'gauge',
    help: 'Jobs in a queue, by state.',
    labels: ['queue', 'state'],
    exporters: ['pack-builder'],
  }),
  queueWait: define({
    name: 'dawsos_queue_wait_seconds',
    type: 'histogram',
    help: 'Time from when a job could be taken to when it was, in seconds.',
    labels: ['queue'],
    exporters: WORKERS,
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 300],
  }),
  queueOldestWaiting: define({
    name: 'dawsos_queue_oldest_waiting_seconds',
    type: 'gauge',
    help: 'Age of the oldest job that a worker could take now, in seconds.',
    labels: ['queue'],
    exporters: ['pack-builder'],
  }),
  queueStalled: define({
    name: 'dawsos_queue_stalled_total',
    type: 'counter',
    help: 'Jobs whose worker lost its lock.',
    labels: ['queue'],
    exporters: WORKERS,
  }),
  workerConcurrency: define({
    name: 'dawsos_worker_concurrency',
    type: 'gauge',
    help: 'Jobs that this worker takes at once.',
    labels: ['queue'],
    exporters: WORKERS,
  }),
  workerActiveJobs: define({
    name: 'dawsos_worker_active_jobs',
    type: 'gauge',
    help: 'Jobs that this worker is processing.',
    labels: ['queue'],
    exporters: WORKERS,
  }),
} as const;
