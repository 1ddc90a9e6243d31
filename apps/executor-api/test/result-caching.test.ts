import { startHarness } from './harness';

it('a finished run is kept by no client where the deployment says so', async () => {
  const api = await startHarness({ environment: { RESULT_CACHING: 'no-store' } });
  const runId = await api.accept();
  await api.finish(runId);
  const answer = await api.request(`/v1/runs/${runId}`);
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const etag = answer.headers.get('etag') ?? '';
  const again = await api.request(`/v1/runs/${runId}`, { headers: { 'if-none-match': etag } });
  expect([again.status, again.headers.get('cache-control')]).toEqual([304, 'no-store']);
  await api.stop();
});
