import { DawsosError, PatternDefinitionSchema } from '@dawsos/contracts';
import { z } from 'zod';
import { matchesETag, strongETag } from '../http/etag';
import { defineRoute } from '../http/route';

export const getPattern = defineRoute({
  method: 'get',
  path: '/v1/patterns/{pattern_id}',
  scope: 'read',
  params: z.object({ pattern_id: z.string() }),
  description: {
    operationId: 'getPattern',
    tag: 'patterns',
    summary: 'The definition of a pattern',
    responses: {
      200: {
        description: 'The definition.',
        schema: PatternDefinitionSchema,
        headers: { ETag: 'The hash of the definition.' },
      },
      304: { description: 'Unchanged.' },
    },
    problems: [404],
  },
  handle({ request, response, params }, { patterns }) {
    const plan = patterns.get(params.pattern_id);
    if (plan === undefined) throw new DawsosError('pattern_not_found', 'There is no such pattern.');
    const etag = strongETag(plan.hash);
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', 'private, no-cache');
    if (matchesETag(request.get('if-none-match'), etag)) response.status(304).end();
    else response.json(plan.definition);
  },
});
