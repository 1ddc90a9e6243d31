import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecuteRequestBody, Run } from '@dawsos/contracts';
import { parse } from 'csv-parse/sync';
import { run as runCommand } from './rig/launcher';
import { startStack, type Stack } from './rig/stack';

/** The example's prices may leave, its exchange rates may not. */
const REGISTRY = `version: 1
sources:
  ledger: { name: Own books, display: true, export: [pdf, csv], redistribute: true }
  example-close:
    name: Example prices
    display: true
    export: [pdf, csv]
    redistribute: false
    attribution: Prices made up for the example.
    watermark: Example prices
  example-fx: { name: Example rates, display: true, export: [], redistribute: false, licence: A rates licence. }
`;
/** Holds shares in dollars and euros: its value in Canadian dollars rests on exchange rates. */
const CONVERTED = { pattern_id: 'export_portfolio_report', portfolio_id: 'growth' };
/** Holds Canadian dollars alone. */
const PLAIN = { pattern_id: 'export_portfolio_report', portfolio_id: 'reserve' };

describe('a report, computed by a worker and exported from the command line', () => {
  let folder: string;
  let stack: Stack;
  const runOf = (body: ExecuteRequestBody): Promise<Run> => stack.api.succeeded(body);
  const dawsos = (...args: string[]) => runCommand([...args, '--url', stack.api.url]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dawsos-exports-'));
    const registry = join(folder, 'registry.yaml');
    await writeFile(registry, REGISTRY);
    stack = await startStack({ engine: 'postgres', environment: { RIGHTS_REGISTRY: registry } });
  });
  afterAll(async () => {
    await stack.stop();
    await rm(folder, { recursive: true });
  });

  it('leaves not at all where one of its sources forbids it: exit code 77, and what would lift that', async () => {
    const { run_id } = await runOf(CONVERTED);
    const file = join(folder, 'converted.pdf');
    const { exitCode, stderr } = await dawsos('export', run_id, '--format', 'pdf', '--out', file);
    expect([exitCode, stderr]).toEqual([77, expect.stringContaining('Obtain: A rates licence.')]);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('is a PDF whose text, attribution and watermark can be read back, and a CSV for a strict parser', async () => {
    const run = await runOf(PLAIN);
    const [pdf, csv] = ['pdf', 'csv'].map((format) => join(folder, `plain.${format}`));
    for (const file of [pdf!, csv!]) {
      const { exitCode, stderr } = await dawsos('export', run.run_id, '-f', file.slice(-3), '--out', file);
      expect([exitCode, stderr]).toEqual([0, '']);
    }
    const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
    const task = getDocument({ data: new Uint8Array(await readFile(pdf!)), verbosity: 0 });
    const document = await task.promise;
    const pages = Array.from({ length: document.numPages }, (_, index) => document.getPage(index + 1));
    const contents = await Promise.all(pages.map(async (page) => (await page).getTextContent()));
    const texts = contents.flatMap(({ items }) => items.flatMap((item) => ('str' in item ? [item] : [])));
    await task.destroy();
    const all = texts.map(({ str }) => str);
    expect(all).toEqual(
      expect.arrayContaining(['Reserve', 'Holdings', 'CDNX', 'Prices made up for the example.']),
    );
    const watermark = texts.find(({ transform, str }) => str === 'Example prices' && transform[1] !== 0);
    expect(watermark).toBeDefined();

    const records: string[][] = parse(await readFile(csv!), { record_delimiter: '\r\n' });
    const held = run.data?.['valued'] as { total_value: string };
    expect(records.find(([field]) => field === 'total_value')?.[1]).toBe(held.total_value);
  });

  it('is reported to the vendors: what was shown and exported of their data', async () => {
    const { stdout } = await dawsos('rights', 'usage', '--json', '--by', 'total');
    const { usage } = JSON.parse(stdout) as { usage: object[] };
    expect(usage).toContainEqual(
      expect.objectContaining({
        source: 'example-close',
        action: 'export',
        format: 'pdf',
        count: 1,
        blocked: 0,
      }),
    );
    expect(usage).toContainEqual(
      expect.objectContaining({
        source: 'example-fx',
        action: 'export',
        format: 'pdf',
        count: 0,
        blocked: 1,
      }),
    );
  });
});
