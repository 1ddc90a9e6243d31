import { RunExplanationSchema } from '@dawsos/contracts';
import { defineRoute } from '../http/route';
import { runNotFound } from '@dawsos/runs';
import { RunParams } from './run-params';

export const explainRun = defineRoute({
  method: 'get',
  path: '/v1/runs/{run_id}/explain',
  scope: 'read',
  params: RunParams,
  description: {
    operationId: 'explainRun',
    tag: 'runs',
    summary: 'Why a run waits, stalled, was tried again, failed or was slow, in words',
    description:
      'From the run, its attempts, the queue, what the workers that held it last reported, the breakers and the usual times of its steps.',
    responses: { 200: { description: 'The findings, the main one first.', schema: RunExplanationSchema } },
    problems: [404],
  },
  async handle({ response, params, caller }, { explain }) {
    const explanation = await explain(caller.principal, params.run_id);
    if (explanation === undefined) throw runNotFound();
    response.json(explanation);
  },
});
