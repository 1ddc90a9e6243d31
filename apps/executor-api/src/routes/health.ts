import { PackIdSchema } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute, type Route } from '../http/route';

const PLAIN = 'text/plain; charset=utf-8';

export const packHealth = defineRoute({
  method: 'get',
  path: '/health/pack',
  scope: 'public',
  query: z.object({ pack_id: PackIdSchema.optional() }),
  description: {
    operationId: 'packHealth',
    tag: 'health',
    summary: 'The state of the pricing pack that a request would get',
    description:
      'For people, alerts and load balancers; not a probe of the process. `status` is fresh, stale, warming, error, ' +
      'superseded (of a pack that is named) or none; only fresh answers 200.',
    responses: {
      200: {
        description: 'Fresh.',
        schema: z.looseObject({ status: z.string(), pack_id: z.string().nullable() }),
      },
      503: { description: 'Not fresh, or there is none.', schema: z.looseObject({ status: z.string() }) },
    },
  },
  async handle({ response, query }, { packs }) {
    const { fresh, body } = await packs.health(query.pack_id);
    response.status(fresh ? 200 : 503).json(body);
  },
});

/** Asks no dependency: a process that answers is alive. */
function liveness(path: string, operationId: string): Route {
  return defineRoute({
    method: 'get',
    path,
    scope: 'public',
    description: {
      operationId,
      tag: 'health',
      summary: 'Whether the process answers',
      responses: { 200: { description: 'It does.', schema: z.string(), mediaType: 'text/plain' } },
    },
    handle: ({ response }) => void response.type(PLAIN).send('ok\n'),
  });
}

function readiness(path: string, operationId: string): Route {
  return defineRoute({
    method: 'get',
    path,
    scope: 'public',
    description: {
      operationId,
      tag: 'health',
      summary:
        'Whether the process takes work: 503 while a dependency is away and from the start of a shutdown',
      responses: {
        200: { description: 'It does.', schema: z.string(), mediaType: 'text/plain' },
        503: { description: 'Not now.', schema: z.string(), mediaType: 'text/plain' },
      },
    },
    async handle({ response }, { ready }) {
      const isReady = await ready();
      response
        .status(isReady ? 200 : 503)
        .type(PLAIN)
        .send(isReady ? 'ok\n' : 'not ready\n');
    },
  });
}

export const livez = liveness('/livez', 'livez');
export const healthLive = liveness('/health/live', 'healthLive');
export const readyz = readiness('/readyz', 'readyz');
export const healthReady = readiness('/health/ready', 'healthReady');
