import { randomUUID } from 'node:crypto';
import {
  contentHash,
  DawsosError,
  Decimal,
  isoDate,
  maySeePortfolio,
  missingPermissions,
  type ExecuteRequest,
  type GateTerms,
  type JsonObject,
  type Principal,
} from '@dawsos/contracts';
import { parseInputs, type PatternPlan } from '@dawsos/patterns';
import type { GatePass, GateRefusal } from '@dawsos/pricing';
import type { NewRun, PackAwaited, RunGate } from '@dawsos/runs';

/** A request whose form is right, with its pattern found and its inputs checked; nothing is pinned yet. */
export interface Submission {
  readonly request: ExecuteRequest;
  readonly plan: PatternPlan;
  readonly inputs: JsonObject;
  readonly portfolioId: string | null;
  readonly terms: GateTerms;
  readonly bodyHash: string;
}

/**
 * @throws DawsosError `pattern_not_found`, `forbidden`, `invalid_inputs` with pointers, `portfolio_forbidden`
 */
export function readSubmission(
  request: ExecuteRequest,
  patterns: { get(id: string): PatternPlan | undefined; ids(): readonly string[] },
  principal: Principal,
  /** How long a run waits for a fresh pack, where its request does not say. */
  waitSeconds: number,
): Submission {
  const plan = patterns.get(request.pattern_id);
  if (plan === undefined) {
    throw new DawsosError('pattern_not_found', `There is no pattern "${request.pattern_id}".`, {
      errors: [{ pointer: '/pattern_id', detail: `is none of: ${patterns.ids().join(', ')}` }],
    });
  }
  requirePermissions(principal, plan);
  const inputs = parseInputs(plan.definition, request.inputs);
  const portfolioId = request.portfolio_id ?? null;
  requirePortfolio(principal, portfolioId);
  return {
    request,
    plan,
    inputs,
    portfolioId,
    terms: termsOf(request, waitSeconds),
    bodyHash: hashOf(request),
  };
}

function termsOf(request: ExecuteRequest, waitSeconds: number): GateTerms {
  const { pricing_pack_id: packId, asof_date: asofDate, max_staleness_bps: limit } = request;
  return {
    pack_id: packId ?? null,
    asof_date: asofDate ?? null,
    allow_stale: request.allow_stale,
    max_staleness_bps: limit === undefined ? null : new Decimal(limit).toFixed(),
    wait_seconds: request.wait_for_fresh ? (request.wait_for_fresh_seconds ?? waitSeconds) : null,
  };
}

function requirePermissions(principal: Principal, plan: PatternPlan): void {
  const { id } = plan.definition;
  const missing = missingPermissions(principal, permissionsOf(plan));
  if (missing.length === 0) return;
  const names = missing.join(', ');
  throw new DawsosError('forbidden', `The pattern "${id}" needs a key with the permission ${names}.`, {
    errors: [{ pointer: '/pattern_id', detail: `needs the permission ${names}` }],
  });
}

/** In a pattern's file they stand as `rights.required`. */
function permissionsOf({ definition }: PatternPlan): readonly string[] {
  return definition.rights?.required ?? [];
}

/** Without a portfolio a run sees the whole ledger, so it takes a principal that may see all of it. */
function requirePortfolio(principal: Principal, portfolioId: string | null): void {
  if (maySeePortfolio(principal, portfolioId)) return;
  if (portfolioId === null) {
    throw new DawsosError(
      'portfolio_forbidden',
      'Name a portfolio_id: this key may not see the whole ledger.',
      {
        errors: [{ pointer: '/portfolio_id', detail: 'is needed with this key' }],
      },
    );
  }
  throw new DawsosError('portfolio_forbidden', 'This key may not see that portfolio.', {
    errors: [{ pointer: '/portfolio_id', detail: 'is not one of the portfolios of this key' }],
  });
}

/** Hashes the request with its defaults: `{}` and an absent `inputs` are one payload. */
function hashOf(request: ExecuteRequest): string {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  return contentHash(Object.fromEntries(given) as JsonObject);
}

export interface Pins {
  readonly pack: PackPins;
  readonly ledgerCommitHash: string;
}

/** The pack of a run, or the one that it waits for. */
export type PackPins = Pick<NewRun, 'asofDate' | 'pricingPackId' | 'packHash' | 'packStatus'> & {
  readonly gate: RunGate;
};

export function pinsOfPass(terms: GateTerms, pass: GatePass): PackPins {
  return {
    asofDate: pass.asofDate,
    pricingPackId: pass.pack.pack_id,
    packHash: pass.pack.content_hash,
    packStatus: pass.status,
    gate: { terms, freshness: pass.freshness, validUntil: pass.validUntil, awaiting: null },
  };
}

/** The pins of a run that waits; undefined where the request does not wait, or no build would mend what was refused. */
export function pinsOfWait(terms: GateTerms, { repair }: GateRefusal, now: Date): PackPins | undefined {
  if (terms.wait_seconds === null || repair === undefined) return undefined;
  const until = new Date(now.getTime() + terms.wait_seconds * 1000);
  const awaiting: PackAwaited = { packId: repair.pack_id, until, repair };
  return {
    asofDate: terms.asof_date ?? isoDate(repair.pack_id.slice(3, 13)),
    pricingPackId: repair.pack_id,
    packHash: null,
    packStatus: 'warming',
    gate: { terms, freshness: null, validUntil: null, awaiting },
  };
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
): Omit<NewRun, 'traceparent'> {
  const { plan, inputs, portfolioId, bodyHash } = submission;
  return {
    runId: randomUUID(),
    principal: request.principal,
    idempotencyKey: request.idempotencyKey,
    bodyHash,
    patternId: plan.definition.id,
    patternVersion: plan.definition.version,
    inputs,
    portfolioId,
    requiredPermissions: permissionsOf(plan),
    ...pins.pack,
    ledgerCommitHash: pins.ledgerCommitHash,
    requestId: request.requestId,
    steps: plan.steps.map((step) => ({
      stepIndex: step.index,
      stepId: step.id,
      capability: step.capability,
    })),
  };
}
