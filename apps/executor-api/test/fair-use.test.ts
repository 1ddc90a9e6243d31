import { createKey } from '@dawsos/principals';
import { BODY, startHarness, type Harness } from './harness';

let api: Harness;
let authorization: string;
beforeAll(async () => {
  api = await startHarness({ keys: true, environment: { OPEN_RUNS_PER_PRINCIPAL: '2' } });
  const scopes = ['read', 'execute', 'admin'] as const;
  const made = createKey(api.keysFile, { principal: 'team', scopes, portfolios: '*', createdAt: new Date() });
  authorization = `Bearer ${made.key}`;
});
afterAll(() => api.stop());

describe('what one principal may have at once', () => {
  it('is told by 429, the limit that was reached and when to come again', async () => {
    const submit = () => api.execute(BODY, { authorization });
    expect([(await submit()).status, (await submit()).status]).toEqual([202, 202]);
    const refused = await submit();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(refused.headers.get('ratelimit-policy')).toContain('"open-runs";q=2');
    expect(refused.headers.get('ratelimit')).toContain('"open-runs";r=0;t=5');
  });

  it('holds for pack builds too', async () => {
    const build = (day: number) =>
      api.request('/v1/packs', {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ asof_date: new Date(Date.UTC(2024, 0, day)).toISOString().slice(0, 10) }),
      });
    const statuses: number[] = [];
    for (let day = 1; day <= 66; day += 1) statuses.push((await build(day)).status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(64);
    expect(statuses.slice(64)).toEqual([429, 429]);
  });
});
