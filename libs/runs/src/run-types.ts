import type {
  GateTerms,
  IsoDate,
  JsonObject,
  PatternJob,
  Principal,
  Problem,
  Provenance,
  RepairOrder,
  Run,
  RunEvent,
  RunFreshness,
  RunReader,
  RunStatus,
  RunStep,
} from '@dawsos/contracts';

/** A fresh pack that a run waits for. */
export interface PackAwaited {
  readonly packId: string;
  /** The run fails then. */
  readonly until: Date;
  /** The build that brings it. */
  readonly repair: RepairOrder;
}

/** What the freshness gate was asked, and what it found. */
export interface RunGate {
  readonly terms: GateTerms;
  /** Null while the run waits for a pack. */
  readonly freshness: RunFreshness | null;
  /** From when the gate would refuse the result; null where age never does. */
  readonly validUntil: Date | null;
  readonly awaiting: PackAwaited | null;
}

/** A validated submission with its pins: all that a worker needs, so that the job carries only ids. */
export interface NewRun {
  readonly runId: string;
  readonly principal: Principal;
  readonly idempotencyKey: string | null;
  /** Hash of the canonical request body: tells a repeat from another request under the same key. */
  readonly bodyHash: string;
  readonly patternId: string;
  readonly patternVersion: string;
  readonly inputs: JsonObject;
  readonly portfolioId: string | null;
  /** What the pattern asks of a key that runs it, and so of one that reads the run. */
  readonly requiredPermissions: readonly string[];
  readonly asofDate: IsoDate;
  readonly pricingPackId: string;
  /** Null for a run that waits for its pack. */
  readonly packHash: string | null;
  readonly packStatus: string;
  /** Without it, the run is asked for no freshness again. */
  readonly gate?: RunGate;
  readonly ledgerCommitHash: string;
  readonly requestId: string;
  /** W3C trace context of the `publish patterns` span: the job's metadata, and what a sweeper adds again. */
  readonly traceparent: string | null;
  /** The steps as planned, all pending. */
  readonly steps: readonly {
    readonly stepIndex: number;
    readonly stepId: string;
    readonly capability: string;
  }[];
}

export interface Accepted {
  readonly runId: string;
  /** False when the idempotency key named a run that was already there. */
  readonly created: boolean;
}

/** What a worker gets when it starts an attempt. `attempt` is the fencing number for all later writes. */
export interface StartedRun {
  readonly runId: string;
  readonly attempt: number;
  readonly patternId: string;
  readonly patternVersion: string;
  readonly inputs: JsonObject;
  readonly portfolioId: string | null;
  readonly requiredPermissions: readonly string[] | null;
  readonly principalId: string;
  readonly portfolios: Principal['portfolios'];
  readonly asofDate: IsoDate;
  readonly pricingPackId: string;
  readonly packHash: string;
  readonly ledgerCommitHash: string;
  readonly requestId: string;
  readonly createdAt: Date;
  readonly traceparent: string | null;
  readonly gate: Pick<RunGate, 'terms' | 'validUntil'> | null;
  readonly previousAttempt: PreviousAttempt | null;
  /** No attempt was left: the run was ended as `attempts_exhausted` instead, and `attempt` is its last one. */
  readonly isExhausted: boolean;
}

export interface PreviousAttempt {
  readonly startedAt: Date;
  /** The W3C trace context of its span. */
  readonly traceparent: string | null;
  /** It was never heard of again: its worker could not end its span. */
  readonly isLost: boolean;
}

export type Outcome =
  | {
      readonly status: 'succeeded';
      readonly data: JsonObject;
      readonly dataJson: string;
      readonly dataHash: string;
      readonly provenance: Provenance;
    }
  | { readonly status: 'failed'; readonly error: Problem; readonly provenance: Provenance | null };

export interface RunFilter {
  readonly patternId?: string;
  readonly status?: RunStatus;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
}

export interface RunPage {
  readonly runs: readonly Run[];
  /** The keyset of the last row, or null at the end. */
  readonly next: { readonly createdAt: Date; readonly runId: string } | null;
}

export type StepUpdate = Pick<RunStep, 'step_index' | 'status' | 'cached' | 'error_code'> & {
  readonly durationMs: number | null;
  /** By default, now less the duration. */
  readonly startedAt?: Date;
};

/** A run's queue job: the claim check, and the trace context that its metadata carries. */
export interface RunJob {
  readonly data: PatternJob;
  /** Which of its principal's open runs it was when it was accepted, from 1: the queue takes low places first. */
  readonly place: number;
  readonly traceparent: string | null;
}

/** A succeeded run's `data`, byte for byte as it was stored. */
export interface RunResult {
  readonly dataJson: string;
  readonly dataHash: string;
}

/** The API's side: accept, read, cancel. Every read is a reader's (`mayReadRun`): a run that it may not read is as unknown as none. */
export interface Runs {
  /**
   * Resolves once the run is committed (group commit: submissions that wait share one insert); its job is added
   * right after, and by the sweeper if that fails.
   * @throws DawsosError `idempotency_key_reused`, `store_unavailable`
   */
  accept(run: NewRun): Promise<Accepted>;
  /** The run that the principal's key named before, so that a repeat is answered without pinning anew. */
  findByIdempotencyKey(
    principalId: string,
    key: string,
  ): Promise<{ readonly runId: string; readonly bodyHash: string } | undefined>;
  get(reader: RunReader, runId: string): Promise<Run | undefined>;
  list(reader: RunReader, filter: RunFilter, after: RunPage['next'], limit: number): Promise<RunPage>;
  /** `undefined` unless the run has succeeded. */
  result(reader: RunReader, runId: string): Promise<RunResult | undefined>;
  events(reader: RunReader, runId: string, afterSeq: number): Promise<readonly RunEvent[] | undefined>;
  /**
   * The run ends as `cancelled` here and now: whatever a worker still writes for it is refused, and its worker
   * is told to stop (see createRunWatch). `undefined`: no such run; `false`: it had finished.
   */
  requestCancel(reader: RunReader, runId: string): Promise<boolean | undefined>;
  /** Resolves when the run may have news (a hint: read the database), or after `timeoutMs`. */
  waitForNews(runId: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Waits for the jobs that are being added, and stops listening. */
  close(): Promise<void>;
}

/** The worker's side: each write is refused (false) when the run is finished or another attempt holds it. */
export interface RunExecution {
  /** `undefined`: finished or cancelled. `traceparent` is that of the attempt's span. */
  start(
    runId: string,
    options: { readonly workerId: string; readonly traceparent: string | null },
  ): Promise<StartedRun | undefined>;
  recordSteps(runId: string, attempt: number, updates: readonly StepUpdate[]): Promise<boolean>;
  /**
   * `updates` are written with the outcome, in the same round trip. While the store is away it is tried again, until
   * `until` aborts; an outcome of this attempt that a lost answer had written counts as written.
   */
  finish(
    runId: string,
    attempt: number,
    outcome: Outcome,
    updates?: readonly StepUpdate[],
    until?: AbortSignal,
  ): Promise<boolean>;
  /** The attempt gives up, and the run waits for a fresh pack. */
  awaitPack(runId: string, attempt: number, awaiting: PackAwaited): Promise<boolean>;
  /** The attempt gives up without an outcome (a retryable fault): the run waits for its next attempt. Tried again as `finish` is. */
  release(
    runId: string,
    attempt: number,
    reason: { readonly code: string; readonly message: string },
    delayMs: number,
    until?: AbortSignal,
  ): Promise<boolean>;
}
