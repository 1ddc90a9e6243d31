import { RunSchema } from '@dawsos/contracts';
import { defineRoute } from '../http/route';
import { sendRun } from '../http/send-run';
import { addRunPhases } from '../http/server-timing';
import { runNotFound } from '@dawsos/runs';
import { RunParams } from './run-params';

export const getRun = defineRoute({
  method: 'get',
  path: '/v1/runs/{run_id}',
  scope: 'read',
  params: RunParams,
  description: {
    operationId: 'getRun',
    tag: 'runs',
    summary: 'One run, with its result once it has finished',
    description:
      'A finished run never changes: it has a strong ETag (the hash of the answer) and may be cached for good. ' +
      'Figures whose sources may not be displayed are withheld: null in `data`, and named in `withheld`.',
    requestHeaders: { 'If-None-Match': 'An ETag: 304 when the run still is that.' },
    responses: {
      200: {
        description: 'The run.',
        schema: RunSchema,
        headers: {
          ETag: 'The hash of the answer; on a finished run only.',
          'Repr-Digest': 'SHA-256 of the body (RFC 9530).',
        },
      },
      304: { description: 'Unchanged.' },
    },
    problems: [404],
  },
  async handle(
    { request, response, params, caller, requestId, timing },
    { runs, showRun, resultCaching: caching },
  ) {
    const run = await runs.get(caller.principal, params.run_id);
    if (run === undefined) throw runNotFound();
    addRunPhases(timing, run);
    await sendRun(request, response, run, { asAnswerTo: 'get', caching }, (whole) =>
      showRun(whole, { principal: caller.principal, requestId }),
    );
  },
});
