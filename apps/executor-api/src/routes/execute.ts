import {
  AcceptedRunSchema,
  ExecuteRequestSchema,
  isFinal,
  RunSchema,
  type AcceptedRun,
  type ExecuteRequest,
  type Run,
} from '@dawsos/contracts';
import { currentTraceId } from '@dawsos/observability';
import type { NewRun } from '@dawsos/runs';
import { requireActive } from '../http/authentication';
import { parseIdempotencyKey } from '../http/idempotency-key';
import { parsePrefer } from '../http/prefer';
import { defineRoute, type Exchange } from '../http/route';
import { sendRun } from '../http/send-run';
import { addRunPhases } from '../http/server-timing';
import type { Submitted } from '@dawsos/admission';
import { waitForEnd } from '../intake/wait';
import type { Services } from '../services';

type ExecuteExchange = Exchange<unknown, unknown, ExecuteRequest>;

const LOOK_AFTER_SECONDS = 1;

export const execute = defineRoute({
  method: 'post',
  path: '/v1/execute',
  scope: 'execute',
  body: ExecuteRequestSchema,
  description: {
    operationId: 'execute',
    tag: 'runs',
    summary: 'Run a pattern',
    description:
      'Checks the request, the freshness of the pricing pack and the ledger, stores the run and answers 202 once it ' +
      'is durable. With `Prefer: wait=N` (60 at most) the answer is the finished run, if it finishes in time and the ' +
      'key may read. Without `asof_date` the run is as of the day of the newest fresh pack. A pack that is not fresh ' +
      'is answered with 503 and a `repair` order: the prices that are missing or too old, and the pack build that ' +
      'would mend it. With `wait_for_fresh` the run is accepted, waits for that build and then goes on by itself.',
    requestHeaders: {
      'Idempotency-Key':
        'A string in quotes, 1 to 255 visible characters. A repeat with the same payload answers the same run for as long as the run is kept.',
      Prefer: '`wait=N` to wait for the result, `respond-async` not to.',
      'X-Request-Id':
        'To find the request in logs and traces: a UUID. Of anything else (letters, digits and `. _ -`, 64 at most) a pseudonym is kept, which is `request_id` in the answer.',
    },
    responses: {
      200: { description: 'The run, finished within the time of `Prefer: wait`.', schema: RunSchema },
      202: {
        description: 'Accepted: the run is durable.',
        schema: AcceptedRunSchema,
        headers: {
          Location: 'Where the run is.',
          'Retry-After': 'Seconds after which to look.',
          'Idempotency-Replayed': '`true` when the key named a run that was there.',
        },
      },
    },
    problems: [404, 413, 415, 422, 503],
  },
  async handle(exchange, services) {
    const release = takePlaceToWait(exchange, services);
    try {
      await submitAndAnswer(exchange, services);
    } finally {
      release();
    }
  },
});

/** Taken before the run is accepted, so that a refusal leaves nothing behind. */
function takePlaceToWait({ request, caller }: ExecuteExchange, { places }: Services): () => void {
  const { respondAsync, waitSeconds } = parsePrefer(request.get('prefer'));
  const waits = !respondAsync && waitSeconds !== undefined && waitSeconds > 0;
  return waits ? places.waits.take(caller.principal.id) : () => undefined;
}

async function submitAndAnswer(exchange: ExecuteExchange, services: Services): Promise<void> {
  const { request, response, caller, requestId, timing, body } = exchange;
  response.locals['patternId'] = body.pattern_id;
  response.vary('Prefer');
  const submitted = await services.intake.submit({
    body,
    principal: caller.principal,
    requestId,
    idempotencyKey: parseIdempotencyKey(request.get('idempotency-key')),
  });
  if (submitted.kind === 'created') timing.add('gate', submitted.gateMilliseconds);
  else response.setHeader('Idempotency-Replayed', 'true');
  const finished = await finishedInTime(exchange, services, submitted);
  if (finished === undefined) sendAccepted(exchange, submitted);
  else {
    addRunPhases(timing, finished);
    response.setHeader('Location', addressOf(finished.run_id));
    await sendRun(
      request,
      response,
      finished,
      { asAnswerTo: 'post', caching: services.resultCaching },
      (whole) => services.showRun(whole, { principal: caller.principal, requestId }),
    );
  }
}

/** The run, if its caller prefers to wait, may read it, and it ends in time. */
async function finishedInTime(
  { request, response, caller, signal }: ExecuteExchange,
  { runs }: Services,
  submitted: Submitted,
): Promise<Run | undefined> {
  const { respondAsync, waitSeconds } = parsePrefer(request.get('prefer'));
  if (respondAsync) response.setHeader('Preference-Applied', 'respond-async');
  if (respondAsync || waitSeconds === undefined || !caller.principal.scopes.includes('read'))
    return undefined;
  response.setHeader('Preference-Applied', `wait=${String(waitSeconds)}`);
  const who = { reader: caller.principal, runId: runIdOf(submitted) };
  const run = await waitForEnd(runs, who, waitSeconds * 1000, signal);
  requireActive(caller);
  return run !== undefined && isFinal(run.status) ? run : undefined;
}

function sendAccepted({ response }: ExecuteExchange, submitted: Submitted): void {
  const accepted = submitted.kind === 'created' ? acceptedOf(submitted.run) : repeatedOf(submitted.run);
  response.setHeader('Location', accepted.links.self);
  response.setHeader('Retry-After', String(LOOK_AFTER_SECONDS));
  response.status(202).json(accepted);
}

function acceptedOf(run: NewRun): AcceptedRun {
  const awaiting = run.gate?.awaiting;
  return {
    run_id: run.runId,
    status: 'accepted',
    pattern_id: run.patternId,
    asof_date: run.asofDate,
    pricing_pack_id: run.pricingPackId,
    pack_status: run.packStatus,
    ledger_commit_hash: run.ledgerCommitHash,
    request_id: run.requestId,
    trace_id: currentTraceId() ?? null,
    ...(awaiting == null
      ? {}
      : { awaiting: { pack_id: awaiting.packId, until: awaiting.until.toISOString() } }),
    links: linksOf(run.runId),
  };
}

function repeatedOf(run: Run): AcceptedRun {
  return AcceptedRunSchema.parse({ ...run, links: linksOf(run.run_id) });
}

function runIdOf(submitted: Submitted): string {
  return submitted.kind === 'created' ? submitted.run.runId : submitted.run.run_id;
}

function addressOf(runId: string): string {
  return `/v1/runs/${runId}`;
}

function linksOf(runId: string): AcceptedRun['links'] {
  const self = addressOf(runId);
  return { self, events: `${self}/events`, cancel: `${self}/cancel` };
}
