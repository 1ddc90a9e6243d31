import { createKey, revokeKey } from '@dawsos/principals';
import { BODY, startHarness, type Harness } from './harness';

const WAITING = 'select run_id from run order by created_at desc limit 1';
const newKey = { principal: 'team', scopes: ['read', 'execute'], portfolios: '*' } as const;

let api: Harness;
beforeAll(async () => {
  api = await startHarness({ keys: true });
});
afterAll(() => api.stop());

async function untilAccepted(): Promise<string> {
  for (;;) {
    const { rows } = await api.database.database.pool.query<{ run_id: string }>(WAITING);
    if (rows[0] !== undefined) return rows[0].run_id;
  }
}

describe('a key that is revoked', () => {
  it('is refused at once, and its request that waits gets no data', async () => {
    const { key, record } = createKey(api.keysFile, { ...newKey, createdAt: new Date() });
    const authorization = `Bearer ${key}`;
    const waiting = api.execute(BODY, { authorization, prefer: 'wait=20' });
    const runId = await untilAccepted();
    revokeKey(api.keysFile, record.key_id);
    const next = await api.request('/v1/runs', { headers: { authorization } });
    await api.finish(runId, { positions: '73519.04' });
    const answer = await waiting;
    expect([next.status, answer.status]).toEqual([401, 401]);
    expect(await answer.text()).not.toContain('73519.04');
  });
});
