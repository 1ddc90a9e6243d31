import { defineRoute } from '../http/route';
import { RunRightsSchema } from '@dawsos/disclosure';
import { runNotFound } from '@dawsos/runs';
import { RunParams } from './run-params';

export const runRights = defineRoute({
  method: 'get',
  path: '/v1/runs/{run_id}/rights',
  scope: 'read',
  params: RunParams,
  description: {
    operationId: 'runRights',
    tag: 'runs',
    summary: 'What may be done with the result of a run, and why not',
    description:
      'For each figure the sources it rests on and what they forbid, as the registry stands now. Nothing is handed out, so nothing is counted.',
    responses: { 200: { description: 'The rights, figure by figure.', schema: RunRightsSchema } },
    problems: [404],
  },
  async handle({ response, params, caller }, { rightsOf }) {
    const rights = await rightsOf(caller.principal, params.run_id);
    if (rights === undefined) throw runNotFound();
    response.json(rights);
  },
});
