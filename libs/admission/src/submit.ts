import { DawsosError, type ExecuteRequest, type Principal, type Run } from '@dawsos/contracts';
import { traceContext, type PiiFilter } from '@dawsos/observability';
import type { PatternCatalog } from '@dawsos/patterns';
import type { FreshnessGate, GateAnswer } from '@dawsos/pricing';
import type { NewRun, Runs } from '@dawsos/runs';
import { createCoalescer } from './coalesce';
import { createLedgerGate } from './ledger-gate';
import type { LedgerReads } from './readers';
import type { TracePublish } from './publish-span';
import { requireDayThatCame } from './require-day';
import { newRunOf, pinsOfPass, pinsOfWait, readSubmission, type Pins, type Submission } from './submission';

export interface SubmitRequest {
  readonly body: ExecuteRequest;
  readonly principal: Principal;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
}

/** A run that is durable: a new one, or the one that the idempotency key named before. */
export type Submitted =
  | { readonly kind: 'created'; readonly run: NewRun; readonly gateMilliseconds: number }
  | { readonly kind: 'repeated'; readonly run: Run };

export interface IntakeDependencies {
  readonly runs: Pick<Runs, 'accept' | 'get' | 'findByIdempotencyKey'>;
  readonly patterns: PatternCatalog;
  readonly gate: Pick<FreshnessGate, 'ask'>;
  /** How long a run waits for a fresh pack, where its request does not say. */
  readonly waitForFreshSeconds: number;
  readonly now: () => Date;
  /** No price is of a later day. */
  readonly today: () => Date;
  readonly ledger: LedgerReads;
  readonly defaultLedgerRef: string;
  /** Refs that a key may name beside the default one, with the commits behind them; `*` stands for any. */
  readonly allowedLedgerRefs: readonly string[];
  readonly publish: TracePublish;
  readonly acceptsInFlight: number;
  readonly pii: PiiFilter;
}

export interface Intake {
  /**
   * Checks, pins and stores a submission; resolves once it is durable.
   * @throws DawsosError what is wrong with it, `overloaded`, `store_unavailable`
   */
  submit(request: SubmitRequest): Promise<Submitted>;
}

const RETRY_SECONDS = 1;

export function createIntake(dependencies: IntakeDependencies): Intake {
  const { runs, patterns, gate, publish, pii } = dependencies;
  const ledgerGate = createLedgerGate(dependencies.ledger, {
    ownRef: dependencies.defaultLedgerRef,
    allowedRefs: dependencies.allowedLedgerRefs,
  });
  const askGate = createCoalescer<GateAnswer>();
  let inFlight = 0;

  async function submit(request: SubmitRequest): Promise<Submitted> {
    requireDayThatCame(request.body, dependencies.today());
    const submission = readSubmission(
      request.body,
      patterns,
      request.principal,
      dependencies.waitForFreshSeconds,
    );
    const earlier = await earlierRun(request, submission);
    if (earlier !== undefined) return { kind: 'repeated', run: earlier };
    const gateStarted = performance.now();
    const pins = await pin(submission, request.principal);
    const gateMilliseconds = performance.now() - gateStarted;
    const run = newRunOf(submission, pins, request);
    const { stored, accepted } = await store(run);
    if (accepted.created) return { kind: 'created', run: stored, gateMilliseconds };
    return { kind: 'repeated', run: await requireRun(request.principal, accepted.runId) };
  }

  /** Looked up before the gate: a repeat is answered even when the pack has gone stale since. */
  async function earlierRun(request: SubmitRequest, submission: Submission): Promise<Run | undefined> {
    if (request.idempotencyKey === null) return undefined;
    const known = await runs.findByIdempotencyKey(request.principal.id, request.idempotencyKey);
    if (known === undefined) return undefined;
    if (known.bodyHash !== submission.bodyHash) {
      throw new DawsosError(
        'idempotency_key_reused',
        'This idempotency key came with another payload before; use a new key for a new request.',
      );
    }
    return requireRun(request.principal, known.runId);
  }

  async function pin({ request, portfolioId, terms }: Submission, principal: Principal): Promise<Pins> {
    const ledgerCommitHash = await ledgerGate.pin(request.ledger_ref, portfolioId, principal);
    const question = { terms, ledgerCommitHash, portfolioId };
    const answer = await askGate(JSON.stringify(question), () => gate.ask(question));
    if (answer.passes) return { pack: pinsOfPass(terms, answer), ledgerCommitHash };
    const pack = pinsOfWait(terms, answer, dependencies.now());
    if (pack === undefined) throw answer.error;
    return { pack, ledgerCommitHash };
  }

  /** All pins are known here, so that every span from `execute_pattern` down carries them. */
  function store(run: ReturnType<typeof newRunOf>) {
    const attributes = {
      pricing_pack_id: run.pricingPackId,
      ledger_commit_hash: run.ledgerCommitHash,
      pattern_id: run.patternId,
      request_id: run.requestId,
      user_id: pii.pseudonym(run.principal.id),
      run_id: run.runId,
    };
    return traceContext('execute_pattern', attributes, () =>
      publish(run.runId, async (context) => {
        const stored: NewRun = { ...run, ...context };
        return { stored, accepted: await runs.accept(stored) };
      }),
    );
  }

  async function requireRun(principal: Principal, runId: string): Promise<Run> {
    const run = await runs.get(principal, runId);
    if (run !== undefined) return run;
    throw new DawsosError(
      'store_unavailable',
      'The run of this idempotency key was just removed; try again.',
    );
  }

  return {
    async submit(request) {
      if (inFlight >= dependencies.acceptsInFlight) {
        throw new DawsosError('overloaded', 'Too many submissions are being accepted at this moment.', {
          retryAfterSeconds: RETRY_SECONDS,
        });
      }
      inFlight += 1;
      try {
        return await submit(request);
      } finally {
        inFlight -= 1;
      }
    },
  };
}
