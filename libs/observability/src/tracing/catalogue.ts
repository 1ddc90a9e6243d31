/** One kind of span as users see it in traces: names and attributes are a contract. */
export interface SpanDefinition {
  /** As it stands in a trace; capitals in it are placeholders. */
  readonly name: string;
  readonly kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  /** The span above it, or what it can be. */
  readonly parent: string;
  readonly service: string;
  readonly about: string;
  /** Beside those that the run's context puts on it. */
  readonly attributes: readonly SpanAttribute[];
}

/** Every attribute that our code sets. What the instrumentations of http, Redis and PostgreSQL set follows OpenTelemetry's conventions. */
export const SPAN_ATTRIBUTES = {
  pricing_pack_id: { context: true, about: 'The pricing pack that the run is pinned to.' },
  ledger_commit_hash: { context: true, about: 'The ledger commit that the run is pinned to.' },
  pattern_id: { context: true, about: 'The pattern.' },
  request_id: { context: true, about: 'The request, as its `X-Request-Id` says.' },
  user_id: { context: true, about: 'The pseudonym of who asked: a hash, never the id.' },
  run_id: { context: true, about: 'The run.' },
  attempt: { context: false, about: 'The number of the attempt, from 1.' },
  step_index: { context: false, about: 'The place of the step in its pattern, from 0.' },
  capability: { context: false, about: 'What the step asks for.' },
  agent_name: { context: false, about: 'The agent that does it.' },
  agent_version: { context: false, about: "The agent's version." },
  cached: { context: false, about: 'Whether the step cache had the result.' },
  queue: { context: false, about: 'The queue.' },
  'error.type': { context: false, about: 'The error code of what failed; the message is in no trace.' },
  'messaging.system': { context: false, about: '`bullmq`.' },
  'messaging.operation.name': { context: false, about: '`publish` or `process`.' },
  'messaging.operation.type': { context: false, about: '`send` or `process`.' },
  'messaging.destination.name': { context: false, about: 'The queue.' },
  'messaging.message.id': { context: false, about: 'The job, which has the id of its run.' },
} as const satisfies Record<string, { readonly context: boolean; readonly about: string }>;
export type SpanAttribute = keyof typeof SPAN_ATTRIBUTES;

const MESSAGING = [
  'messaging.system',
  'messaging.operation.name',
  'messaging.operation.type',
  'messaging.destination.name',
  'messaging.message.id',
] as const;

/** The one table of spans, from the top of a trace down. docs/traces.md is made from it, and tests compare it with code. */
export const SPANS: readonly SpanDefinition[] = [
  {
    name: 'POST /v1/execute',
    kind: 'SERVER',
    parent: "none, or the client's",
    service: 'dawsos-executor',
    about: 'The request, named by its method and route.',
    attributes: [],
  },
  {
    name: 'execute_pattern',
    kind: 'INTERNAL',
    parent: 'POST /v1/execute',
    service: 'dawsos-executor',
    about: 'The acceptance of a run whose pins are known.',
    attributes: [],
  },
  {
    name: 'publish QUEUE',
    kind: 'PRODUCER',
    parent: 'execute_pattern',
    service: 'dawsos-executor',
    about:
      "The commit of the run. Its context goes with the job, so a job that is added again is in the run's trace.",
    attributes: MESSAGING,
  },
  {
    name: 'process QUEUE',
    kind: 'CONSUMER',
    parent: 'publish QUEUE',
    service: 'dawsos-pattern-worker, dawsos-pack-builder',
    about: "An attempt: one span each, a killed worker's included, linked to the one before.",
    attributes: [...MESSAGING, 'attempt', 'error.type'],
  },
  {
    name: 'step_N',
    kind: 'INTERNAL',
    parent: 'process QUEUE',
    service: 'dawsos-pattern-worker',
    about: 'A step of the pattern.',
    attributes: ['step_index', 'capability', 'agent_name', 'error.type'],
  },
  {
    name: 'agent_execute',
    kind: 'INTERNAL',
    parent: 'step_N',
    service: 'dawsos-pattern-worker',
    about: 'The agent at work on the step; Redis and PostgreSQL calls are below it.',
    attributes: ['agent_name', 'agent_version', 'capability', 'cached', 'error.type'],
  },
  {
    name: 'build_pack',
    kind: 'INTERNAL',
    parent: 'process QUEUE, or none at start',
    service: 'dawsos-pack-builder',
    about: 'The building of a pricing pack.',
    attributes: ['error.type'],
  },
];
