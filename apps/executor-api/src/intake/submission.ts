import { randomUUID } from 'node:crypto';
import {
  contentHash,
  DawsosError,
  maySeePortfolio,
  type ExecuteRequest,
  type JsonObject,
  type Principal,
} from '@dawsos/contracts';
import { parseInputs, type PatternPlan } from '@dawsos/patterns';
import type { ResolvedPack } from '@dawsos/pricing';
import type { NewRun } from '@dawsos/runs';

/** A request whose form is right, with its pattern found and its inputs checked; nothing is pinned yet. */
export interface Submission {
  readonly request: ExecuteRequest;
  readonly plan: PatternPlan;
  readonly inputs: JsonObject;
  readonly portfolioId: string | null;
  readonly bodyHash: string;
}

/**
 * @throws DawsosError `pattern_not_found`, `invalid_inputs` with pointers, `portfolio_forbidden`
 */
export function readSubmission(
  request: ExecuteRequest,
  patterns: { get(id: string): PatternPlan | undefined; ids(): readonly string[] },
  principal: Principal,
): Submission {
  const plan = patterns.get(request.pattern_id);
  if (plan === undefined) {
    throw new DawsosError('pattern_not_found', `There is no pattern "${request.pattern_id}".`, {
      errors: [{ pointer: '/pattern_id', detail: `is none of: ${patterns.ids().join(', ')}` }],
    });
  }
  const inputs = parseInputs(plan.definition, request.inputs);
  const portfolioId = request.portfolio_id ?? null;
  requirePortfolio(principal, portfolioId);
  return { request, plan, inputs, portfolioId, bodyHash: hashOf(request) };
}

/** Without a portfolio a run sees the whole ledger, so it takes a principal that may see all of it. */
function requirePortfolio(principal: Principal, portfolioId: string | null): void {
  if (portfolioId === null) {
    if (principal.portfolios === '*') return;
    throw new DawsosError(
      'portfolio_forbidden',
      'Name a portfolio_id: this key may not see the whole ledger.',
      {
        errors: [{ pointer: '/portfolio_id', detail: 'is needed with this key' }],
      },
    );
  }
  if (maySeePortfolio(principal, portfolioId)) return;
  throw new DawsosError('portfolio_forbidden', 'This key may not see that portfolio.', {
    errors: [{ pointer: '/portfolio_id', detail: 'is not one of the portfolios of this key' }],
  });
}

/** Of the request with its defaults: `{}` and an absent `inputs` are one payload. */
function hashOf(request: ExecuteRequest): string {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  return contentHash(Object.fromEntries(given) as JsonObject);
}

export interface Pins {
  readonly pack: ResolvedPack;
  readonly ledgerCommitHash: string;
}

/** The run of a submission, less the trace context, which only its publishing gives. */
export function newRunOf(
  submission: Submission,
  pins: Pins,
  request: {
    readonly principal: Principal;
    readonly requestId: string;
    readonly idempotencyKey: string | null;
  },
): Omit<NewRun, 'traceparent' | 'tracestate'> {
  const { plan, inputs, portfolioId, bodyHash } = submission;
  const { pack } = pins.pack;
  if (pack.content_hash === null) {
    throw new DawsosError('pack_not_fresh', `${pack.pack_id} is not built.`);
  }
  return {
    runId: randomUUID(),
    principal: request.principal,
    idempotencyKey: request.idempotencyKey,
    bodyHash,
    patternId: plan.definition.id,
    patternVersion: plan.definition.version,
    inputs,
    portfolioId,
    asofDate: pins.pack.asofDate,
    pricingPackId: pack.pack_id,
    packHash: pack.content_hash,
    packStatus: pins.pack.status,
    ledgerCommitHash: pins.ledgerCommitHash,
    requestId: request.requestId,
    steps: plan.steps.map((step) => ({
      stepIndex: step.index,
      stepId: step.id,
      capability: step.capability,
    })),
  };
}
