import { requireDayThatCame } from '@dawsos/admission';
import { PackBuildRequestSchema, PackBuildSchema } from '@dawsos/contracts';
import { currentTraceparent } from '@dawsos/observability';
import { parseIdempotencyKey } from '../http/idempotency-key';
import { defineRoute } from '../http/route';

const LOOK_AFTER_SECONDS = 1;

export const requestPackBuild = defineRoute({
  method: 'post',
  path: '/v1/packs',
  scope: 'admin',
  body: PackBuildRequestSchema,
  description: {
    operationId: 'requestPackBuild',
    tag: 'packs',
    summary: 'Build a pricing pack',
    description:
      'Stores the build and answers 202 once it is durable; the pack builder takes it from there, one at a time for a ' +
      'pack, again after a crash. Without `asof_date` it builds the newest day that has prices. A pack that is sealed ' +
      'stays as it is, unless `restate` is set: then another content is a new pack, which supersedes it. Without an ' +
      'Idempotency-Key an open build that brings the same is joined.',
    requestHeaders: {
      'Idempotency-Key':
        'A string in quotes, 1 to 255 visible characters. A repeat with the same payload answers the same build.',
    },
    responses: {
      202: {
        description: 'Accepted: the build is durable.',
        schema: PackBuildSchema,
        headers: {
          Location: 'Where the build is.',
          'Retry-After': 'Seconds after which to look.',
          'Idempotency-Replayed': '`true` when the key named a build that was there.',
        },
      },
    },
    problems: [413, 415, 422, 503],
  },
  async handle({ request, response, caller, requestId, body }, { packBuilds, packPolicy, today, limits }) {
    requireDayThatCame(body, today());
    const { build, outcome } = await packBuilds.request({
      asofDate: body.asof_date,
      policy: body.policy ?? packPolicy,
      restate: body.restate,
      wanted: body.wanted,
      requestedBy: caller.principal.id,
      mostOpen: limits.buildsPerPrincipal,
      idempotencyKey: parseIdempotencyKey(request.get('idempotency-key')),
      requestId,
      traceparent: currentTraceparent() ?? null,
    });
    if (outcome === 'replayed') response.setHeader('Idempotency-Replayed', 'true');
    response.setHeader('Location', `/v1/pack-builds/${build.build_id}`);
    response.setHeader('Retry-After', String(LOOK_AFTER_SECONDS));
    response.status(202).json(build);
  },
});
