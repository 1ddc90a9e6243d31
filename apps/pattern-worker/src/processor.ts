import {
  DawsosError,
  ERROR_CODES,
  isDawsosError,
  PATTERN_QUEUE,
  type PatternJob,
  toDawsosError,
  toProblem,
} from '@dawsos/contracts';
import {
  addContextAttributes,
  currentTraceId,
  currentTraceparent,
  type Observability,
  type TraceAttributes,
  withoutTracing,
} from '@dawsos/observability';
import type { Outcome, RunExecution, RunWatch, StartedRun, StepUpdate } from '@dawsos/runs';
import { backoffMs } from '@dawsos/resilience';
import { leaveAttemptSpan, linkAttempt, recordLostAttempt } from '@dawsos/queue';
import { computeRun, type ComputeDependencies } from './compute-run';
import type { RecheckFreshness } from '@dawsos/admission';
import { createStepReporter } from './step-reporter';

export interface ProcessorDependencies extends Omit<ComputeDependencies, 'metrics'> {
  readonly runs: RunExecution;
  readonly watch: Pick<RunWatch, 'watch' | 'look'>;
  readonly observability: Pick<Observability, 'logger' | 'pii' | 'metrics' | 'captureException'>;
  /** Asks the freshness gate again before a run is computed. */
  readonly recheckFreshness: RecheckFreshness;
  readonly workerId: string;
  /** An attempt of this number that fails ends the run with its own error. */
  readonly maxAttempts: number;
  /** Where the error codes are documented. */
  readonly docsUrl: string;
  /** Uniform in [0, 1): spreads new attempts; it never reaches a result. */
  readonly random: () => number;
}

/** How runs end here, as they are counted; `discarded`: another attempt, or a cancellation, had ended the run. */
export const EXECUTION_STATUSES = ['succeeded', 'failed', 'discarded'] as const;
const STEP_INTERVAL_MS = 50;
/** Within the time that a worker gives aborted attempts (`libs/queue`). */
const LAST_WRITES_MS = 2_500;
const RETRY = { firstMs: 500, longestMs: 30_000, jitter: 'half' } as const;

/**
 * Processes one job: an attempt of its run, from start to outcome. Whatever ends the attempt with an error is
 * thrown once the run knows of it, as its code alone, so that the queue holds no client's data.
 */
export function createProcessor(
  dependencies: ProcessorDependencies,
): (job: PatternJob, signal: AbortSignal) => Promise<void> {
  return async (job, signal) => {
    const fault = await perform(job, signal, dependencies).catch((error: unknown) => toDawsosError(error));
    if (fault !== undefined)
      throw new DawsosError(fault.code, fault.entry.title, { retryable: fault.retryable });
  };
}

/** The fault that ended the attempt, or undefined. Throws where the store can not be told. */
async function perform(
  job: PatternJob,
  signal: AbortSignal,
  dependencies: ProcessorDependencies,
): Promise<DawsosError | undefined> {
  const { runs, observability, workerId } = dependencies;
  const traceparent = currentTraceparent() ?? null;
  // Untraced: the spans of an attempt carry the run's attributes, which are not known before.
  const run = await withoutTracing(() => runs.start(job.run_id, { workerId, traceparent }));
  if (run === undefined) {
    leaveAttemptSpan();
    return undefined;
  }
  const attributes = {
    run_id: run.runId,
    pattern_id: run.patternId,
    pricing_pack_id: run.pricingPackId,
    ledger_commit_hash: run.ledgerCommitHash,
    request_id: run.requestId,
    user_id: observability.pii.pseudonym(run.principalId),
  };
  addContextAttributes(run.isExhausted ? attributes : { ...attributes, attempt: run.attempt });
  tellOfPreviousAttempt(run, { ...attributes, attempt: run.isExhausted ? run.attempt : run.attempt - 1 });
  const attempt = new Attempt(run, dependencies);
  return run.isExhausted ? attempt.giveUp() : attempt.perform(signal);
}

/** In the trace: the attempt before is linked to, and its span recorded where its worker could not. */
function tellOfPreviousAttempt(run: StartedRun, attributes: TraceAttributes): void {
  const { previousAttempt, traceparent } = run;
  if (previousAttempt === null) return;
  if (previousAttempt.isLost) {
    recordLostAttempt({
      queue: PATTERN_QUEUE,
      jobId: run.runId,
      startedAt: previousAttempt.startedAt,
      spanTraceparent: previousAttempt.traceparent,
      traceparent,
      attributes,
    });
  }
  linkAttempt(previousAttempt.traceparent);
}

class Attempt {
  /** The events of steps that are not written yet. */
  private updates: readonly StepUpdate[] = [];
  /** Aborts once what the attempt has to say can no longer be written: another has the run, or the process ends. */
  private until: AbortSignal | undefined;

  constructor(
    private readonly run: StartedRun,
    private readonly dependencies: ProcessorDependencies,
  ) {}

  /** The error that ended the attempt, or undefined. */
  async perform(signal: AbortSignal): Promise<DawsosError | undefined> {
    const { run, dependencies } = this;
    this.until = endsWith(signal);
    try {
      const awaiting = await dependencies.recheckFreshness(run);
      if (awaiting === undefined) await this.finish(await this.compute(signal));
      else await dependencies.runs.awaitPack(run.runId, run.attempt, awaiting);
      return undefined;
    } catch (error) {
      const fault = toDawsosError(error);
      await this.end(fault, error);
      return fault;
    }
  }

  /** The run was ended for want of attempts: nothing is left but to say so. */
  giveUp(): DawsosError {
    const fault = new DawsosError('attempts_exhausted', ERROR_CODES.attempts_exhausted.title);
    this.count('failed');
    this.log('run failed', fault);
    this.capture(fault);
    return fault;
  }

  /** Computes the result until the queue takes the job away or the run is no longer this attempt's. */
  private async compute(signal: AbortSignal): Promise<Outcome> {
    const { run, dependencies } = this;
    const own = new AbortController();
    const onAbort = (): void => own.abort(abortReason(signal));
    const lose = (code: 'run_cancelled' | 'lock_lost'): void => own.abort(attemptOver(code));
    const steps = createStepReporter({
      intervalMs: STEP_INTERVAL_MS,
      record: (updates) => dependencies.runs.recordSteps(run.runId, run.attempt, updates),
      // a cancellation refuses writes as much as another attempt does: the run itself says which it was
      onRefused: () => dependencies.watch.look(run.runId),
    });
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const unwatch = dependencies.watch.watch(run.runId, run.attempt, lose);
    try {
      const compute = { ...dependencies, metrics: dependencies.observability.metrics };
      return await computeRun(run, compute, { signal: own.signal, onStep: steps.report });
    } catch (error) {
      throw own.signal.aborted ? abortReason(own.signal) : error;
    } finally {
      unwatch();
      signal.removeEventListener('abort', onAbort);
      this.updates = await steps.drain();
    }
  }

  private async end(fault: DawsosError, original: unknown): Promise<void> {
    if (fault.code === 'lock_lost') {
      leaveAttemptSpan();
      this.log('attempt dropped', fault);
    }
    // A cancellation was committed with its outcome, and counted, before this process heard of it.
    else if (fault.code === 'run_cancelled') return;
    else if (this.mayTryAgain(fault)) await this.release(fault);
    else await this.fail(fault, original);
  }

  /** A shutdown is no fault of the run's; any other ends it at the cap with its own error, not with the cap's. */
  private mayTryAgain(fault: DawsosError): boolean {
    if (fault.code === 'shutting_down') return true;
    return fault.retryable && this.run.attempt < this.dependencies.maxAttempts;
  }

  private async release(fault: DawsosError): Promise<void> {
    const { run, dependencies } = this;
    const reason = { code: fault.code, message: fault.entry.title };
    // progress that cannot be written now holds up no release
    await dependencies.runs.recordSteps(run.runId, run.attempt, this.updates).catch(() => undefined);
    const delayMs = this.delayMs(fault);
    const held = await dependencies.runs.release(run.runId, run.attempt, reason, delayMs, this.until);
    this.log(held ? 'attempt given up' : 'attempt dropped', fault);
  }

  /** At once where this process is the reason; else after what the fault asks for, or a growing, jittered delay. */
  private delayMs(fault: DawsosError): number {
    if (fault.code === 'shutting_down') return 0;
    if (fault.retryAfterSeconds !== undefined) return fault.retryAfterSeconds * 1000;
    return backoffMs(RETRY, this.run.attempt - 1, this.dependencies.random);
  }

  private async fail(fault: DawsosError, original: unknown): Promise<void> {
    const { run, dependencies } = this;
    const { docsUrl } = dependencies;
    const context = { docsUrl, requestId: run.requestId, traceId: currentTraceId() };
    await this.finish({ status: 'failed', error: toProblem(fault, context), provenance: null });
    this.log('run failed', fault);
    if (fault.entry.status >= 500) this.capture(isDawsosError(original) ? original : fault);
  }

  private capture(error: DawsosError): void {
    const { run, dependencies } = this;
    const { captureException, pii } = dependencies.observability;
    captureException(error, {
      tags: { error_code: pii.text(error.code), pattern_id: pii.text(run.patternId) },
      context: pii.fields({ run_id: run.runId, attempts: run.attempt }),
    });
  }

  /** Writes the outcome, unless the run has one or another attempt holds it: then ours is late, and only counted. */
  private async finish(outcome: Outcome): Promise<void> {
    const { run, dependencies } = this;
    const written = await dependencies.runs.finish(run.runId, run.attempt, outcome, this.updates, this.until);
    this.count(written ? outcome.status : 'discarded');
  }

  private count(status: (typeof EXECUTION_STATUSES)[number]): void {
    this.dependencies.observability.metrics.recordPatternExecution(this.run.patternId, status);
  }

  private log(message: 'attempt dropped' | 'attempt given up' | 'run failed', fault: DawsosError): void {
    const { logger, pii } = this.dependencies.observability;
    const { runId, attempt, patternId } = this.run;
    const fields = pii.fields({ run_id: runId, attempt, pattern_id: patternId, error: pii.error(fault) });
    if (message === 'run failed' && fault.entry.status >= 500) logger.error('run failed', fields);
    else if (message === 'run failed') logger.info('run failed', fields);
    else if (message === 'attempt given up') logger.warn('attempt given up', fields);
    else logger.warn('attempt dropped', fields);
  }
}

/** A signal that aborts with the job's, and some seconds after it where the process shuts down: those are left for writing. */
function endsWith(signal: AbortSignal): AbortSignal {
  const until = new AbortController();
  const onAbort = (): void => {
    const isShutdown = isDawsosError(signal.reason) && signal.reason.code === 'shutting_down';
    if (isShutdown) setTimeout(() => until.abort(signal.reason), LAST_WRITES_MS).unref();
    else until.abort(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return until.signal;
}

function attemptOver(code: 'run_cancelled' | 'lock_lost'): DawsosError {
  return new DawsosError(code, ERROR_CODES[code].title);
}

/** The reason of an abort; one that is none of ours means that the queue has taken the job away. */
function abortReason(signal: AbortSignal): DawsosError {
  return isDawsosError(signal.reason) ? signal.reason : attemptOver('lock_lost');
}
