import { parse } from 'csv-parse/sync';
import {
  bytesOf,
  CSV_PATTERN,
  DATA,
  problemOf,
  startExportingApi,
  type ExportingApi,
  PATTERN,
} from './exporting-api';
import { PACK_ID } from './harness';

let api: ExportingApi;
beforeAll(async () => {
  api = await startExportingApi();
});
afterAll(() => api.harness.stop());

describe('the export of a result that rests on an allowed and a blocked source', () => {
  it('hands out nothing, and says which figures and sources block it, and what would lift that', async () => {
    const runId = await api.finished(['ledger', 'vendor']);
    for (const format of ['csv', 'json', 'xlsx'])
      expect((await api.order({ run_id: await api.finished(['vendor']), format })).status).toBe(403);
    const answer = await api.order({ run_id: runId, format: 'pdf' });
    expect(answer.status).toBe(403);
    expect(await problemOf(answer)).toMatchObject({
      code: 'export_blocked',
      detail: expect.stringContaining('Obtain: A vendor agreement.') as string,
      figures: [{ figure: 'news', sources: ['vendor'] }],
      blocking_sources: [{ source: 'vendor', reason: 'Vendor does not allow export as pdf' }],
    });
    expect(await api.auditOf(runId)).toEqual([
      expect.objectContaining({
        action: 'export',
        outcome: 'refused',
        sources_used: [],
        sources_blocked: ['vendor'],
      }),
    ]);
  });

  it('with omit hands out the rest, with a notice in the gap', async () => {
    const runId = await api.finished(['vendor']);
    const answer = await api.order({ run_id: runId, format: 'json', on_blocked: 'omit' });
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
    const answer = await api.order({ run_id: await api.finished(['ledger']), format: 'pdf' });
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
    for (const part of ['ACME', 'Not for everybody', '−1.25', 'Source: the bank.', 'PP_2025-01-31'])
      expect(text).toContain(part);
    const watermark = items.find(({ str }) => str === 'Data: the bank');
    expect(watermark?.transform[1]).not.toBe(0);
  });

  it('is a CSV that opens in a strict parser, without a cell that a spreadsheet would run', async () => {
    const answer = await api.order({ run_id: await api.finished(['ledger']), format: 'csv' });
    const records: string[][] = parse(await bytesOf(answer), { record_delimiter: '\r\n' });
    const cells = records.flat();
    expect(cells).toEqual(
      expect.arrayContaining(["'=cmd|calc", '-1.25', 'Source: the bank.', 'Data: the bank']),
    );
    expect(cells).not.toContain('=cmd|calc');
  });

  it.each(['pdf', 'csv', 'json', 'xlsx'])('is the same bytes for equal runs: %s', async (format) => {
    const [first, second] = await Promise.all(
      [await api.finished(['ledger']), await api.finished(['ledger'])].map((run_id) =>
        api.order({ run_id, format }),
      ),
    );
    expect(first!.headers.get('etag')).toBe(second!.headers.get('etag'));
    expect((await bytesOf(first!)).equals(await bytesOf(second!))).toBe(true);
  });

  it('is refused in a format that the pattern does not allow', async () => {
    const answer = await api.order({ run_id: await api.finished(['ledger'], CSV_PATTERN), format: 'xlsx' });
    expect(await problemOf(answer)).toMatchObject({
      status: 403,
      code: 'export_blocked',
      pattern_id: 'csv_only',
    });
  });
});

describe('an idempotency key of an export', () => {
  it('names one export, counted once; another request under it is refused', async () => {
    const runId = await api.finished(['ledger']);
    const headers = { 'idempotency-key': '"export-1"' };
    const first = await api.order({ run_id: runId, format: 'csv' }, headers);
    const again = await api.order({ run_id: runId, format: 'csv' }, headers);
    expect([again.headers.get('idempotency-replayed'), again.headers.get('export-id')]).toEqual([
      'true',
      first.headers.get('export-id'),
    ]);
    expect(await api.auditOf(runId)).toHaveLength(1);
    const other = await api.order({ run_id: runId, format: 'json' }, headers);
    expect((await problemOf(other)).code).toBe('idempotency_key_reused');
  });

  it('names one export for requests at the same time', async () => {
    const runId = await api.finished(['ledger']);
    const headers = { 'idempotency-key': '"export-2"' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.order({ run_id: runId, format: 'csv' }, headers)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map((answer) => answer.headers.get('export-id'))).size).toBe(1);
    expect(await api.auditOf(runId)).toHaveLength(1);
  });
});

describe('what cannot be exported', () => {
  it("is another's run, nor by a key without the scope", async () => {
    const runId = await api.finished(['ledger']);
    const [others, unknown] = await Promise.all([
      api.order({ run_id: runId, format: 'csv' }, {}, 'bob'),
      api.order({ run_id: '00000000-0000-4000-8000-000000000000', format: 'csv' }, {}, 'bob'),
    ]);
    const { code, detail } = await problemOf(others);
    expect({ code, detail }).toEqual(
      await problemOf(unknown).then((problem) => ({ code: problem.code, detail: problem.detail })),
    );
    expect((await problemOf(await api.order({ run_id: runId, format: 'csv' }, {}, 'reader'))).code).toBe(
      'forbidden',
    );
    expect((await problemOf(await api.get('/v1/rights/usage', 'bob'))).code).toBe('forbidden');
    expect(await api.auditOf(runId)).toEqual([]);
  });

  it('is a run of nobody, one that has not finished, and a request that is not one', async () => {
    const unknown = await api.order({ run_id: '00000000-0000-4000-8000-000000000000', format: 'csv' });
    expect((await problemOf(unknown)).code).toBe('run_not_found');
    const running = await api.accepted();
    expect((await problemOf(await api.order({ run_id: running, format: 'csv' }))).code).toBe(
      'run_without_result',
    );
    expect((await problemOf(await api.order({ run_id: running, format: 'docx' }))).code).toBe(
      'invalid_request',
    );
  });
});

describe('a result that is no longer fresh', () => {
  it('is not exported, unless its run allowed a stale pack', async () => {
    const fresh = await api.finished(['ledger']);
    const { pool } = api.harness.database.database;
    await pool.query("update packs set status = 'stale' where pack_id = $1", [PACK_ID]);
    const answer = await api.order({ run_id: fresh, format: 'csv' });
    expect([answer.status, await problemOf(answer)]).toEqual([
      503,
      expect.objectContaining({ code: 'pack_not_fresh', pack_id: PACK_ID, pack_status: 'stale' }),
    ]);
    const knowingly = await api.finished(['ledger'], PATTERN, { allow_stale: true });
    expect((await api.order({ run_id: knowingly, format: 'csv' })).status).toBe(200);
  });
});
