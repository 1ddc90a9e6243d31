import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemSchema, RunSchema, type JsonObject } from '@dawsos/contracts';
import { AUDIT_APPEND_ONLY_SQLSTATE } from '@dawsos/database';
import { parse } from 'csv-parse/sync';
import { createKey } from '@dawsos/principals';
import { BODY, startHarness, type Harness } from './harness';

const REGISTRY = `version: 1
sources:
  ledger: { name: Own books, display: true, export: [pdf, csv, json, xlsx], redistribute: true }
  bank:
    name: The bank
    display: true
    export: [pdf, csv, json, xlsx]
    redistribute: false
    attribution: 'Source: the bank.'
    watermark: 'Data: the bank'
  vendor: { name: Vendor, display: true, export: [], redistribute: false, licence: A vendor agreement. }
  secret: { name: Secret, display: false, export: [], redistribute: false }
`;
const PATTERN = {
  id: 'report',
  version: '1.0.0',
  name: 'Report',
  description: 'Two figures.',
  steps: [
    { id: 'prices', capability: 'ledger.positions', args: {}, as: 'prices' },
    { id: 'news', capability: 'ledger.positions', args: {}, as: 'news' },
  ],
  outputs: ['prices', 'news'],
  rights: { export: ['pdf', 'csv', 'json', 'xlsx'] },
};
/** As above, by an author who lets it leave as CSV alone. */
const CSV_PATTERN = { ...PATTERN, id: 'csv_only', rights: { export: ['csv'] } };
const KEYS = {
  alice: { scopes: ['read', 'execute', 'export', 'admin'], portfolios: '*' },
  bob: { scopes: ['read', 'execute', 'export'], portfolios: '*' },
  reader: { scopes: ['read', 'execute'], portfolios: '*' },
} as const;
type Who = keyof typeof KEYS;

const DATA: JsonObject = {
  prices: { rows: [{ symbol: 'ACME', name: '=cmd|calc', change: '-1.25' }] },
  news: { headline: 'Not for everybody' },
};

let api: Harness;
const secrets = new Map<Who, string>();
const bearer = (who: Who) => ({ authorization: `Bearer ${secrets.get(who) ?? ''}` });
beforeAll(async () => {
  api = await startHarness({
    prepare: async (folder) => {
      await writeFile(join(folder, 'registry.yaml'), REGISTRY);
      for (const pattern of [PATTERN, CSV_PATTERN])
        await writeFile(join(folder, 'patterns', `${pattern.id}.json`), JSON.stringify(pattern));
      const keysFile = join(folder, 'principals.json');
      for (const who of ['alice', 'bob', 'reader'] as const)
        secrets.set(who, createKey(keysFile, { ...KEYS[who], principal: who, createdAt: new Date() }).key);
      return { RIGHTS_REGISTRY: join(folder, 'registry.yaml'), API_KEYS_FILE: keysFile };
    },
  });
});
afterAll(() => api.stop());

async function finished(news: readonly string[], pattern = PATTERN, data = DATA): Promise<string> {
  const runId = await api.accept(bearer('alice'), { ...BODY, pattern_id: pattern.id });
  await api.finish(runId, data, { prices: ['ledger', 'bank'], news });
  return runId;
}

const order = (
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
  who: Who = 'alice',
): Promise<Response> =>
  api.request('/v1/exports', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(who), ...headers },
    body: JSON.stringify(body),
  });
const get = (path: string, who: Who = 'alice'): Promise<Response> =>
  api.request(path, { headers: bearer(who) });

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());
const problemOf = async (answer: Response) => ProblemSchema.loose().parse(await answer.json());

interface AuditRow {
  readonly action: string;
  readonly outcome: string;
  readonly reason: string;
  readonly sources_used: string[];
  readonly sources_blocked: string[];
}
async function auditOf(runId: string): Promise<readonly AuditRow[]> {
  const { rows } = await api.database.database.pool.query<AuditRow>(
    `select action, outcome, reason, sources_used, sources_blocked from rights_decision
     where run_id = $1 order by decision_id`,
    [runId],
  );
  return rows;
}

describe('the export of a result that rests on an allowed and a blocked source', () => {
  it('hands out nothing, and says which figures and sources block it, and what would lift that', async () => {
    const runId = await finished(['ledger', 'vendor']);
    for (const format of ['csv', 'json', 'xlsx'])
      expect((await order({ run_id: await finished(['vendor']), format })).status).toBe(403);
    const answer = await order({ run_id: runId, format: 'pdf' });
    expect(answer.status).toBe(403);
    expect(await problemOf(answer)).toMatchObject({
      code: 'export_blocked',
      detail: expect.stringContaining('Obtain: A vendor agreement.') as string,
      figures: [{ figure: 'news', sources: ['vendor'] }],
      blocking_sources: [{ source: 'vendor', reason: 'Vendor does not allow export as pdf' }],
    });
    expect(await auditOf(runId)).toEqual([
      expect.objectContaining({
        action: 'export',
        outcome: 'refused',
        sources_used: [],
        sources_blocked: ['vendor'],
      }),
    ]);
  });

  it('with omit hands out the rest, with a notice in the gap', async () => {
    const runId = await finished(['vendor']);
    const answer = await order({ run_id: runId, format: 'json', on_blocked: 'omit' });
    expect([answer.status, answer.headers.get('export-omitted')]).toEqual([200, 'news']);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      figures: { prices: DATA['prices'], news: null },
      omitted: { news: { notice: expect.stringContaining('A vendor agreement') as string } },
      attributions: ['Source: the bank.'],
      not_for_redistribution: ['The bank'],
    });
    expect(text).not.toContain('Not for everybody');
  });
});

describe('the export of what may leave', () => {
  it('is a PDF with the attribution at its foot and the watermark across it', async () => {
    const answer = await order({ run_id: await finished(['ledger']), format: 'pdf' });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="report-growth-2025-01-31.pdf"',
    );
    const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
    const task = getDocument({ data: new Uint8Array(await bytesOf(answer)), verbosity: 0 });
    const page = await (await task.promise).getPage(1);
    const items = (await page.getTextContent()).items.flatMap((item) => ('str' in item ? [item] : []));
    await task.destroy();
    const text = items.map(({ str }) => str).join(' ');
    for (const part of ['ACME', 'Not for everybody', '-1.25', 'Source: the bank.', 'PP_2025-01-31'])
      expect(text).toContain(part);
    const watermark = items.find(({ str }) => str === 'Data: the bank');
    expect(watermark?.transform[1]).not.toBe(0);
  });

  it('is a CSV that opens in a strict parser, without a cell that a spreadsheet would run', async () => {
    const answer = await order({ run_id: await finished(['ledger']), format: 'csv' });
    const records: string[][] = parse(await bytesOf(answer), { record_delimiter: '\r\n' });
    const cells = records.flat();
    expect(cells).toEqual(
      expect.arrayContaining(["'=cmd|calc", '-1.25', 'Source: the bank.', 'Data: the bank']),
    );
    expect(cells).not.toContain('=cmd|calc');
  });

  it.each(['pdf', 'csv', 'json', 'xlsx'])('is the same bytes for equal runs: %s', async (format) => {
    const [first, second] = await Promise.all(
      [await finished(['ledger']), await finished(['ledger'])].map((run_id) => order({ run_id, format })),
    );
    expect(first!.headers.get('etag')).toBe(second!.headers.get('etag'));
    expect((await bytesOf(first!)).equals(await bytesOf(second!))).toBe(true);
  });

  it('is refused in a format that the pattern does not allow', async () => {
    const answer = await order({ run_id: await finished(['ledger'], CSV_PATTERN), format: 'xlsx' });
    expect(await problemOf(answer)).toMatchObject({
      status: 403,
      code: 'export_blocked',
      pattern_id: 'csv_only',
    });
  });
});

describe('an idempotency key of an export', () => {
  it('names one export, counted once; another request under it is refused', async () => {
    const runId = await finished(['ledger']);
    const headers = { 'idempotency-key': '"export-1"' };
    const first = await order({ run_id: runId, format: 'csv' }, headers);
    const again = await order({ run_id: runId, format: 'csv' }, headers);
    expect([again.headers.get('idempotency-replayed'), again.headers.get('export-id')]).toEqual([
      'true',
      first.headers.get('export-id'),
    ]);
    expect(await auditOf(runId)).toHaveLength(1);
    const other = await order({ run_id: runId, format: 'json' }, headers);
    expect((await problemOf(other)).code).toBe('idempotency_key_reused');
  });
});

describe('what cannot be exported', () => {
  it("is another's run, nor by a key without the scope", async () => {
    const runId = await finished(['ledger']);
    const [others, unknown] = await Promise.all([
      order({ run_id: runId, format: 'csv' }, {}, 'bob'),
      order({ run_id: '00000000-0000-4000-8000-000000000000', format: 'csv' }, {}, 'bob'),
    ]);
    const { code, detail } = await problemOf(others);
    expect({ code, detail }).toEqual(
      await problemOf(unknown).then((problem) => ({ code: problem.code, detail: problem.detail })),
    );
    expect((await problemOf(await order({ run_id: runId, format: 'csv' }, {}, 'reader'))).code).toBe(
      'forbidden',
    );
    expect((await problemOf(await get('/v1/rights/usage', 'bob'))).code).toBe('forbidden');
    expect(await auditOf(runId)).toEqual([]);
  });

  it('is a run of nobody, one that has not finished, and a request that is not one', async () => {
    const unknown = await order({ run_id: '00000000-0000-4000-8000-000000000000', format: 'csv' });
    expect((await problemOf(unknown)).code).toBe('run_not_found');
    const running = await api.accept(bearer('alice'), { ...BODY, pattern_id: 'report' });
    expect((await problemOf(await order({ run_id: running, format: 'csv' }))).code).toBe(
      'run_without_result',
    );
    expect((await problemOf(await order({ run_id: running, format: 'docx' }))).code).toBe('invalid_request');
  });
});

describe('a run whose source may not be displayed', () => {
  it('is shown without that figure, says why, and is not cached as if it were whole', async () => {
    const runId = await finished(['secret']);
    const answer = await get(`/v1/runs/${runId}`);
    const run = RunSchema.parse(await answer.json());
    expect(run.data).toEqual({ prices: DATA['prices'], news: null });
    expect(run.withheld).toEqual([
      { figure: 'news', sources: ['secret'], blocks: [expect.objectContaining({ source: 'secret' })] },
    ]);
    expect(run.attributions).toEqual(['Source: the bank.']);
    expect([answer.headers.get('etag'), answer.headers.get('cache-control')]).toEqual([null, 'no-store']);
    expect(await auditOf(runId)).toEqual([
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
    const runId = await finished(['ledger', 'vendor']);
    const answer = await get(`/v1/runs/${runId}/rights`);
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
    expect(await auditOf(runId)).toEqual([]);
    expect((await get(`/v1/runs/${runId}/rights`, 'bob')).status).toBe(404);
  });
});

describe('the audit', () => {
  it('refuses to be changed, emptied or shortened', async () => {
    await finished(['ledger']).then((run_id) => order({ run_id, format: 'csv' }));
    for (const statement of [
      `update rights_decision set outcome = 'refused'`,
      'delete from rights_decision',
      'truncate rights_decision',
    ]) {
      await expect(api.database.database.pool.query(statement)).rejects.toMatchObject({
        code: AUDIT_APPEND_ONLY_SQLSTATE,
      });
    }
  });

  it('is counted per source, action and format, by the unit that is asked for', async () => {
    const before = await usage('unit=uses');
    const runId = await finished(['vendor']);
    await get(`/v1/runs/${runId}`);
    await get(`/v1/runs/${runId}`);
    await order({ run_id: runId, format: 'csv' });
    await order({ run_id: runId, format: 'csv', on_blocked: 'omit' });
    const after = await usage('unit=uses');
    const grew = (source: string, action: string, what: 'count' | 'blocked') =>
      find(after, source, action)[what] - find(before, source, action)[what];
    expect([grew('vendor', 'display', 'count'), grew('bank', 'display', 'count')]).toEqual([2, 2]);
    expect([grew('vendor', 'export', 'count'), grew('vendor', 'export', 'blocked')]).toEqual([0, 2]);
    expect(grew('bank', 'export', 'count')).toBe(1);
    expect(find(await usage('unit=users'), 'bank', 'display').count).toBe(1);

    const csv = await get('/v1/rights/usage?format=csv&by=total&from=2020-01-01&to=2100-01-01');
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
  const answer = await get(`/v1/rights/usage?by=total&from=2020-01-01&to=2100-01-01&${query}`);
  return ((await answer.json()) as { usage: Usage[] }).usage;
}
const find = (rows: readonly Usage[], source: string, action: string) =>
  rows.find(
    (row) => row.source === source && row.action === action && row.format !== 'pdf' && row.format !== 'json',
  ) ?? {
    count: 0,
    blocked: 0,
  };
