import type { JsonObject, JsonValue, PatternDefinition } from '@dawsos/contracts';
import { EXPORT_FORMATS } from '@dawsos/rights';
import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { csvOf, readPdf, RUN, sheetsOf, textOf } from './__fixtures__/read-back';
import { createReport, type Report } from './report';
import { renderExport } from './render';

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
      { numRuns: propertyRuns(50) },
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
    expect(names).toEqual([
      'Summary',
      'Sources and rights',
      'What this report rests on',
      long.slice(0, 31),
      `${long.slice(0, 29)} 2`,
    ]);
  });
});

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
    expect(text).toContain('120.5  2025-10-22');
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

describe('whatever a result holds', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('=1', '-5', '2025-10-22', '__proto__', '\u0007', '1e5', '\ufffe'),
  );
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.constantFrom(null, true, 0, -1.5),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(text, tie('value'), { maxKeys: 3 }),
    ),
  }));

  it.each([
    ['json', 100],
    ['csv', 100],
    ['xlsx', 10],
    ['pdf', 8],
  ] as const)('gives a %s file that can be read back', async (format, numRuns) => {
    await fc.assert(
      fc.asyncProperty(value, async (figure) => {
        const report = reportOf({ figure });
        if (format === 'csv') expect((await csvOf(report))[0]?.[0]).toBe('Demo');
        else expect((await textOf(report, format)).length).toBeGreaterThan(0);
        if (format !== 'xlsx') return;
        for (const xml of Object.values(await sheetsOf(report))) {
          const texts = xml.replaceAll(/<[^<>]*>/g, '');
          expect(texts).not.toMatch(/<|&(?!(amp|lt|gt|quot|apos|#\d+);)/);
          expect(texts).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
        }
      }),
      // rows without a column
      { numRuns, examples: [[[{}]]] },
    );
  });
});
