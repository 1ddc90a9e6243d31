import { isoDate, type JsonObject, type JsonValue, type PatternDefinition } from '@dawsos/contracts';
import { createRightsGate, EXPORT_FORMATS, figureSources, type RightsRegistry } from '@dawsos/rights';
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import fc from 'fast-check';
import { pick } from './pick';
import { createReport, type Report } from './report';
import { renderExport } from './render';

const RUN = {
  pattern_id: 'demo',
  pattern_version: '1.0.0',
  portfolio_id: 'growth',
  asof_date: isoDate('2025-10-22'),
  pricing_pack_id: 'PP_2025-10-22',
  pricing_pack_hash: 'a'.repeat(64),
  ledger_commit_hash: 'b'.repeat(40),
  data_hash: 'c'.repeat(64),
};

function reportOf(
  data: JsonObject,
  blocked: readonly string[] = [],
  pattern?: Partial<PatternDefinition>,
): Report {
  return createReport(
    RUN,
    data,
    { name: 'Demo', ...pattern },
    {
      request: { action: 'export', format: 'csv' },
      environment: 'test',
      registryHash: 'd'.repeat(64),
      figures: Object.keys(data).map((figure) => {
        const isBlocked = blocked.includes(figure);
        const block = { source: 'fmp', reason: 'FMP does not allow export', remedy: 'Obtain: a licence.' };
        return { figure, sources: ['x'], allowed: !isBlocked, blocks: isBlocked ? [block] : [] };
      }),
      attributions: ['Source: the bank.'],
      watermarks: ['Data: Example'],
      notForRedistribution: ['FRED'],
    },
  );
}

const csvOf = async (report: Report): Promise<string[][]> =>
  parse((await renderExport(report, 'csv')).bytes, { relax_column_count: false, record_delimiter: '\r\n' });

async function sheetsOf(report: Report): Promise<Record<string, string>> {
  const files = unzipSync((await renderExport(report, 'xlsx')).bytes);
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

const POSITIONS = {
  total: '-12.50',
  period: { start: '2025-01-01', days: 294 },
  rows: [
    { symbol: 'AAA', value: '-1234.5', tags: ['x', 'y'] },
    { symbol: 'B', value: null, tags: [] },
  ],
};

describe('a CSV export', () => {
  it('opens in a strict parser: as many fields in every record, each figure under its title and header', async () => {
    const records = await csvOf(reportOf({ positions: POSITIONS }));
    const at = records.findIndex(([first]) => first === 'positions.rows');
    expect(records.slice(at + 1, at + 4).map((record) => record.slice(0, 3))).toEqual([
      ['row', 'symbol', 'value'],
      ['1', 'AAA', '-1234.5'],
      ['2', 'B', ''],
    ]);
    const tags = records.findIndex(([first]) => first === 'positions.rows.tags');
    expect(records.slice(tags + 1, tags + 4).map((record) => record.slice(0, 2))).toEqual([
      ['rows row', 'value'],
      ['1', 'x'],
      ['1', 'y'],
    ]);
    expect(records.flat()).toEqual(
      expect.arrayContaining([
        'Source: the bank.',
        'Data: Example',
        'Not to be passed on: holds data of FRED.',
      ]),
    );
  });

  it('holds no cell that a spreadsheet takes for a formula, and leaves negative numbers as they are', async () => {
    const starts = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\0', ' =', '＝');
    await fc.assert(
      fc.asyncProperty(starts, fc.string(), async (start, rest) => {
        const text = start + rest;
        const records = await csvOf(reportOf({ figure: { text, number: '-5.25' } }));
        const cells = records.flat();
        expect(cells).toContain('-5.25');
        for (const cell of cells)
          expect(cell).toMatch(/^(?:-?\d+(?:\.\d+)?$|(?![\s\0]*[=+\-@＝＋－＠]|[\t\r\0]))/);
        if (!/^-\d+(\.\d+)?$/.test(text)) expect(cells).toContain(`'${text}`);
      }),
      { numRuns: 50 },
    );
  });
});

describe('an XLSX export', () => {
  it('has typed cells: numbers as numbers, days as days, and no formula whatever a text starts with', async () => {
    const files = await sheetsOf(
      reportOf({ figure: { evil: '=HYPERLINK("http://x")', loss: '-5.25', day: '2025-10-22' } }),
    );
    const sheets = Object.entries(files).filter(([name]) => name.startsWith('xl/worksheets/'));
    const xml = sheets.map(([, text]) => text).join('');
    expect(xml).not.toMatch(/<f[ >]/);
    expect(xml).toContain('<v>-5.25</v>');
    // the day's number by the format: days since 1899-12-30
    expect(xml).toContain('<v>45952</v>');
    expect(Object.values(files).join('')).toContain('<t>=HYPERLINK("http://x")</t>');
  });

  it('gives each table a sheet of its own, with a name that the format allows', async () => {
    const long = 'a_figure_with_a_name_that_is_longer_than_a_sheet_may_have';
    const files = await sheetsOf(reportOf({ [long]: [{ x: '1' }], [`${long}_too`]: [{ x: '2' }] }));
    const names = [...(files['xl/workbook.xml'] ?? '').matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(['About', long.slice(0, 31), `${long.slice(0, 29)} 2`]);
  });
});

interface PdfText {
  readonly pages: readonly { readonly text: string; readonly slanted: readonly string[] }[];
  readonly info: Readonly<Record<string, unknown>>;
}

/** Reads a PDF back with another library than the one that wrote it. */
async function readPdf(bytes: Buffer): Promise<PdfText> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const document = await task.promise;
  const pages = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    const texts = items.flatMap((item) => ('str' in item ? [item] : []));
    pages.push({
      text: texts.map(({ str }) => str).join(' '),
      // a text that runs neither across nor down
      slanted: texts
        .filter(({ str, transform }) => transform[0] !== 0 && transform[1] !== 0 && str !== '')
        .map(({ str }) => str),
    });
  }
  const { info } = await document.getMetadata();
  await task.destroy();
  return { pages, info: info as PdfText['info'] };
}

describe('a PDF export', () => {
  const rows = Array.from({ length: 90 }, (_, index) => ({
    symbol: `S${index}`,
    name: '=1+1 <b>Société</b>',
  }));
  const presentation: PatternDefinition['presentation'] = {
    panels: [
      { id: 'rows', kind: 'table', title: 'Holdings', source: 'held.rows' },
      { id: 'nav', kind: 'line', title: 'Value', source: 'held.nav' },
    ],
  };
  const nav = [
    { x: '2025-01-01', y: '100' },
    { x: '2025-10-22', y: '120.5' },
  ];

  it('shows the panels, and on every page the attributions and the watermark across it', async () => {
    const report = reportOf({ held: { rows, nav }, risk: { var: '1' } }, ['risk'], { presentation });
    const { pages, info } = await readPdf((await renderExport(report, 'pdf')).bytes);
    expect(pages.length).toBeGreaterThan(1);
    for (const { text, slanted } of pages) {
      expect(text).toContain('Source: the bank.');
      expect(slanted).toEqual(['Data: Example']);
    }
    const text = pages.map((page) => page.text).join(' ');
    expect(text).toContain('=1+1 <b>Société</b>');
    expect(text).toContain('S89');
    expect(text).toContain('highest 120.5');
    expect(text).toContain('Left out: FMP does not allow export. Obtain: a licence.');
    expect(info).toMatchObject({ Title: 'Demo, growth, 2025-10-22', CreationDate: 'D:20251022000000Z' });
  });

  it('says how many rows it leaves to the other formats', async () => {
    const many = Array.from({ length: 600 }, (_, index) => ({ n: String(index) }));
    const report = reportOf({ held: { rows: many } }, [], {
      presentation: { panels: presentation.panels.slice(0, 1) },
    });
    const { pages } = await readPdf((await renderExport(report, 'pdf')).bytes);
    expect(pages.map(({ text }) => text).join(' ')).toContain('100 more rows');
  });
});

describe('every format', () => {
  it.each(EXPORT_FORMATS)('gives equal bytes for equal results, at any time of day: %s', async (format) => {
    const data = { positions: POSITIONS };
    jest.useFakeTimers({ now: new Date('2025-01-01T00:00:00Z'), doNotFake: ['nextTick', 'setImmediate'] });
    const first = await renderExport(reportOf(data), format);
    jest.setSystemTime(new Date('2031-07-01T12:34:56Z'));
    const second = await renderExport(reportOf(data), format);
    jest.useRealTimers();
    expect(first.bytes.equals(second.bytes)).toBe(true);
    expect(first.fileName).toBe(`demo-growth-2025-10-22.${format}`);
  });
});

const SOURCES = ['a', 'b', 'c', 'd'];
const dags = fc.array(
  fc.record({
    reads: fc.subarray(SOURCES),
    before: fc.array(fc.nat(), { maxLength: 3 }),
    skipped: fc.boolean(),
    isOutput: fc.boolean(),
  }),
  { minLength: 1, maxLength: 10 },
);
type Dag = typeof dags extends fc.Arbitrary<infer T> ? T : never;

const idsBefore = (dag: Dag, index: number): string[] =>
  index === 0 ? [] : [...new Set(dag[index]!.before.map((n) => `s${n % index}`))];

/** What a run leaves: each figure holds a text of its own, so that it is seen wherever it goes. */
function resultOf(dag: Dag) {
  const steps = dag.map((step, index) => ({ ...step, id: `s${index}`, depends_on: idsBefore(dag, index) }));
  const outputs = steps.filter(({ isOutput }) => isOutput);
  const data: Record<string, JsonValue> = Object.fromEntries(
    outputs.map(({ id, skipped }) => [`out_${id}`, skipped ? null : { mark: `figure of ${id}.` }]),
  );
  const provenance = {
    steps: steps
      .filter(({ skipped }) => !skipped)
      .map(({ id, depends_on, reads }, step_index) => ({
        step_index,
        step_id: id,
        capability: 'x.y',
        agent_name: 'x',
        agent_version: '1',
        depends_on,
        args_hash: '',
        result_hash: '',
        reads: reads.map((source) => ({
          kind: 'source' as const,
          key: source,
          hash: '',
          sources: [source],
          value_date: null,
        })),
      })),
    skipped: steps
      .filter(({ skipped }) => skipped)
      .map(({ id, depends_on }) => ({ step_id: id, depends_on })),
    outputs: Object.fromEntries(outputs.map(({ id }) => [`out_${id}`, id])),
  };
  return { data, provenance, outputs };
}

/** The truth, found another way: whether a walk back from a step meets a read of a restricted source. */
function reaches(dag: Dag, id: string, restricted: readonly string[]): boolean {
  const step = dag[Number(id.slice(1))]!;
  if (!step.skipped && step.reads.some((source) => restricted.includes(source))) return true;
  return idsBefore(dag, Number(id.slice(1))).some((before) => reaches(dag, before, restricted));
}

const registryWith = (restricted: readonly string[]): RightsRegistry => ({
  version: 1,
  sources: Object.fromEntries(
    SOURCES.map((id) => [
      id,
      {
        name: id,
        display: true,
        export: restricted.includes(id) ? [] : [...EXPORT_FORMATS],
        redistribute: true,
        environments: {},
      },
    ]),
  ),
});

/** All that a file says, as text. */
async function textOf(report: Report, format: (typeof EXPORT_FORMATS)[number]): Promise<string> {
  const { bytes } = await renderExport(report, format);
  if (format === 'xlsx')
    return Object.values(unzipSync(bytes))
      .map((part) => strFromU8(part))
      .join('');
  if (format === 'pdf') return (await readPdf(bytes)).pages.map(({ text }) => text).join(' ');
  return bytes.toString();
}

describe('rights along the DAG, through the export itself', () => {
  it.each([
    ['json', 300],
    ['csv', 100],
    ['xlsx', 12],
    ['pdf', 6],
  ] as const)(
    'a %s file holds exactly the figures to which no path leads from a restricted source',
    async (format, numRuns) => {
      await fc.assert(
        fc.asyncProperty(dags, fc.subarray(SOURCES), async (dag, restricted) => {
          const { data, provenance, outputs } = resultOf(dag);
          const gate = createRightsGate(registryWith(restricted), 'production');
          const decision = gate.judge(figureSources(Object.keys(data), provenance), {
            action: 'export',
            format,
          });
          const report = createReport(RUN, data, { name: 'Demo' }, decision);
          const text = await textOf(report, format);
          for (const { id, skipped } of outputs) {
            const restrictedFigure = reaches(dag, id, restricted);
            expect(text.includes(`figure of ${id}.`)).toBe(!restrictedFigure && !skipped);
            const gap = report.figures.find(({ name }) => name === `out_${id}`)!;
            expect('blocks' in gap).toBe(restrictedFigure);
          }
        }),
        { numRuns },
      );
    },
  );
});

test('a path follows names and indices, and never into a prototype', () => {
  expect(pick({ held: { rows: [{ symbol: 'AAA' }] } }, 'held.rows[0].symbol')).toBe('AAA');
  expect(pick({ held: {} }, 'held.constructor.name')).toBeUndefined();
});
