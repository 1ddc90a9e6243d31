import { RunSchema } from '@dawsos/contracts';
import { defineRoute } from '../http/route';
import { runNotFound } from '@dawsos/runs';
import { RunParams } from './run-params';

/** Without the result, which is for who may read: this route takes the scope execute alone. */
const RunStateSchema = RunSchema.omit({ data: true, data_hash: true, provenance: true });

export const cancelRun = defineRoute({
  method: 'post',
  path: '/v1/runs/{run_id}/cancel',
  scope: 'execute',
  params: RunParams,
  description: {
    operationId: 'cancelRun',
    tag: 'runs',
    summary: 'Cancel a run',
    description: 'Idempotent: a run that has finished stays as it is. The answer is the run as it stands.',
    responses: { 200: { description: 'The run.', schema: RunStateSchema } },
    problems: [404],
  },
  async handle({ response, params, caller }, { runs, metrics }) {
    const cancelled = await runs.requestCancel(caller.principal, params.run_id);
    if (cancelled === undefined) throw runNotFound();
    const run = await runs.get(caller.principal, params.run_id);
    if (run === undefined) throw runNotFound();
    if (cancelled) metrics.recordPatternExecution(run.pattern_id, 'cancelled');
    response.json(RunStateSchema.parse(run));
  },
});
