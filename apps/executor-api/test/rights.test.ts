import { RunSchema } from '@dawsos/contracts';
import { AUDIT_APPEND_ONLY_SQLSTATE } from '@dawsos/database';
import { parse } from 'csv-parse/sync';
import { DATA, problemOf, startExportingApi, type ExportingApi } from './exporting-api';

let api: ExportingApi;
beforeAll(async () => {
  api = await startExportingApi();
});
afterAll(() => api.harness.stop());

describe('a run whose source may not be displayed', () => {
  it('is shown without that figure, says why, and is not cached as if it were whole', async () => {
    const runId = await api.finished(['secret']);
    const answer = await api.get(`/v1/runs/${runId}`);
    const run = RunSchema.parse(await answer.json());
    expect(run.data).toEqual({ prices: DATA['prices'], news: null });
    expect(run.withheld).toEqual([
      { figure: 'news', sources: ['secret'], blocks: [expect.objectContaining({ source: 'secret' })] },
    ]);
    expect(run.attributions).toEqual(['Source: the bank.']);
    expect([answer.headers.get('etag'), answer.headers.get('cache-control')]).toEqual([null, 'no-store']);
    expect(await api.auditOf(runId)).toEqual([
      expect.objectContaining({
        action: 'display',
        outcome: 'partial',
        sources_used: ['bank', 'ledger'],
        sources_blocked: ['secret'],
      }),
    ]);
  });
});

describe('the rights of a run', () => {
  it('say for each figure what it rests on, what is blocked and why, and count as no display', async () => {
    const runId = await api.finished(['ledger', 'vendor']);
    const answer = await api.get(`/v1/runs/${runId}/rights`);
    expect(await answer.json()).toMatchObject({
      uses: [
        { use: 'display', outcome: 'allowed' },
        ...['pdf', 'csv', 'json', 'xlsx'].map((use) => ({ use, outcome: 'partial' })),
      ],
      figures: [
        { figure: 'news', sources: ['ledger', 'vendor'], blocks: { length: 4 } },
        { figure: 'prices', sources: ['bank', 'ledger'], blocks: [] },
      ],
      attributions: ['Source: the bank.'],
    });
    expect(await api.auditOf(runId)).toEqual([]);
    expect((await api.get(`/v1/runs/${runId}/rights`, 'bob')).status).toBe(404);
  });
});

describe('the audit', () => {
  it('lets nothing out, shown or exported, that it cannot write down', async () => {
    const runId = await api.finished(['ledger']);
    const { pool } = api.harness.database.database;
    await pool.query('alter table rights_decision rename to out_of_reach');
    const answers = await Promise.all([
      api.order({ run_id: runId, format: 'csv' }),
      api.get(`/v1/runs/${runId}`),
    ]).finally(() => pool.query('alter table out_of_reach rename to rights_decision'));
    for (const answer of answers) expect((await problemOf(answer)).code).toBe('internal_error');
  });

  it('refuses to be changed, emptied or shortened', async () => {
    await api.finished(['ledger']).then((run_id) => api.order({ run_id, format: 'csv' }));
    for (const statement of [
      `update rights_decision set outcome = 'refused'`,
      'delete from rights_decision',
      'truncate rights_decision',
    ]) {
      await expect(api.harness.database.database.pool.query(statement)).rejects.toMatchObject({
        code: AUDIT_APPEND_ONLY_SQLSTATE,
      });
    }
  });

  it('is counted per source, action and format, by the unit that is asked for', async () => {
    const before = await usage('unit=uses');
    const runId = await api.finished(['vendor']);
    await api.get(`/v1/runs/${runId}`);
    await api.get(`/v1/runs/${runId}`);
    await api.order({ run_id: runId, format: 'csv' });
    await api.order({ run_id: runId, format: 'csv', on_blocked: 'omit' });
    const after = await usage('unit=uses');
    const grew = (source: string, action: string, what: 'count' | 'blocked') =>
      find(after, source, action)[what] - find(before, source, action)[what];
    expect([grew('vendor', 'display', 'count'), grew('bank', 'display', 'count')]).toEqual([2, 2]);
    expect([grew('vendor', 'export', 'count'), grew('vendor', 'export', 'blocked')]).toEqual([0, 2]);
    expect(grew('bank', 'export', 'count')).toBe(1);
    expect(find(await usage('unit=users'), 'bank', 'display').count).toBe(1);

    const csv = await api.get('/v1/rights/usage?format=csv&by=total&from=2020-01-01&to=2100-01-01');
    const records: string[][] = parse(await csv.text());
    expect(records[0]).toEqual(['period_start', 'source', 'action', 'format', 'unit', 'count', 'blocked']);
    expect(records[1]?.[0]).toBe('2020-01-01');
  });
});

interface Usage {
  readonly source: string;
  readonly action: string;
  readonly format: string | null;
  readonly count: number;
  readonly blocked: number;
}
async function usage(query: string): Promise<readonly Usage[]> {
  const answer = await api.get(`/v1/rights/usage?by=total&from=2020-01-01&to=2100-01-01&${query}`);
  return ((await answer.json()) as { usage: Usage[] }).usage;
}
const find = (rows: readonly Usage[], source: string, action: string) =>
  rows.find(
    (row) => row.source === source && row.action === action && row.format !== 'pdf' && row.format !== 'json',
  ) ?? {
    count: 0,
    blocked: 0,
  };
