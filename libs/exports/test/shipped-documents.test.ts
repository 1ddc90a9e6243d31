import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  Decimal,
  isoDate,
  PatternDefinitionSchema,
  pick,
  type JsonObject,
  type PatternDefinition,
} from '@dawsos/contracts';
import { documentOf } from '../src/document';
import { createReport, renderExport, type Report } from '../src/index';
import type { Block, TableBlock } from '../src/model';
import { typeset } from '../src/pdf/type-setter';
import { beyondMargins, collisions, readPages } from './page-reader';

const ROOT = path.resolve(__dirname, '../../..');
const RESULTS = path.join(ROOT, 'libs/agents/test/golden');
/** 20 mm. */
const SIDE = 56.69;

interface Shipped {
  readonly name: string;
  readonly data: JsonObject;
  readonly pattern: PatternDefinition;
  readonly report: Report;
}

async function shipped(): Promise<readonly Shipped[]> {
  const files = (await readdir(RESULTS)).filter((file) => file.endsWith('.golden.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const [id = '', portfolio = ''] = file.split('.');
      const data = JSON.parse(await readFile(path.join(RESULTS, file), 'utf8')) as JsonObject;
      const text = await readFile(path.join(ROOT, 'patterns', `${id}.json`), 'utf8');
      const pattern = PatternDefinitionSchema.parse(JSON.parse(text));
      return { name: `${id} ${portfolio}`, data, pattern, report: reportOf(id, portfolio, data, pattern) };
    }),
  );
}

function reportOf(id: string, portfolio: string, data: JsonObject, pattern: PatternDefinition): Report {
  return createReport(
    {
      pattern_id: id,
      pattern_version: pattern.version,
      portfolio_id: portfolio === 'all' ? null : portfolio,
      asof_date: isoDate('2025-10-22'),
      pricing_pack_id: 'PP_2025-10-22',
      pricing_pack_hash: 'a'.repeat(64),
      ledger_commit_hash: 'b'.repeat(40),
      data_hash: 'c'.repeat(64),
    },
    data,
    pattern,
    {
      request: { action: 'export', format: 'pdf' },
      environment: 'test',
      registryHash: 'd'.repeat(64),
      figures: Object.keys(data).map((figure) => ({
        figure,
        sources: ['ledger'],
        allowed: true,
        blocks: [],
      })),
      attributions: ['Made-up prices and rates.'],
      watermarks: [],
      notForRedistribution: [],
    },
  );
}

let documents: readonly Shipped[];
beforeAll(async () => {
  documents = await shipped();
});

/** Texts compare without the white space that a line's end eats. */
const letters = (text: string): string => text.replaceAll(/\s/g, '');

describe('the report of each pattern that ships', () => {
  it('is drawn on pages on which no text is cut off, leaves the page or lies on another', async () => {
    for (const { name, report } of documents) {
      const pages = await readPages((await renderExport(report, 'pdf')).bytes);
      pages.forEach((page, index) => {
        const where = `${name}, page ${String(index + 1)}`;
        expect([where, collisions(page)]).toEqual([where, []]);
        expect([where, beyondMargins(page, SIDE)]).toEqual([where, []]);
        const { left, right, top, bottom } = page.inkFrom;
        expect([where, Math.min(left, right) > SIDE - 4, Math.min(top, bottom) > 24]).toEqual([
          where,
          true,
          true,
        ]);
        expect(page.tags).toEqual(expect.arrayContaining(['Document', 'Sect']));
        expect(page.pieces.map(({ text }) => text).join(' ')).toContain(
          `Page ${String(index + 1)} of ${String(pages.length)}`,
        );
      });
    }
  });

  it('holds every cell of its tables and every fact, to the letter', async () => {
    for (const { name, report } of documents) {
      const pages = await readPages((await renderExport(report, 'pdf')).bytes);
      const text = letters(pages.flatMap(({ pieces }) => pieces.map((piece) => piece.text)).join(''));
      const { sections } = documentOf(report);
      const said = sections
        .flatMap(({ blocks }) => blocks.flatMap(textsOf))
        .map((cell) => letters(typeset(cell)));
      // a cell over two lines is read with its neighbours' lines between
      const missing = said.filter((cell) => cell.length <= 24 && !text.includes(cell));
      expect([name, missing]).toEqual([name, []]);
    }
  });

  it('prints the numbers of the result: each within one in its last place, sums and all', () => {
    let compared = 0;
    for (const { name, data, pattern } of documents) {
      for (const panel of pattern.presentation?.panels ?? []) {
        const rows = pick(data, panel.source);
        if (panel.kind !== 'table' || !Array.isArray(rows) || rows.length === 0) continue;
        const table = tableOf(panel.id, { name, data, pattern });
        const shown = (panel.columns ?? []).filter(
          ({ optional, field }) =>
            optional !== true || rows.some((row) => typeof pick(row, field) === 'string'),
        );
        shown.forEach(({ field, format, made_of = [] }, column) => {
          if (format === undefined || format === 'text' || format === 'date') return;
          const printed = table.rows
            .filter(({ role }) => role === 'plain' || role === 'inner')
            .map(({ cells }) => cells[column]?.text ?? '');
          const exact = rows.map((row) => pick(row, field));
          const numbers = printed.filter((text) => /\d/.test(text)).map(parsed(format));
          const told = exact.flatMap((value) =>
            typeof value === 'string' || typeof value === 'number' ? [new Decimal(value)] : [],
          );
          for (const { value, step } of numbers) {
            compared += 1;
            // what is made from other printed amounts differs by as much as all of them
            const most = step.times(Math.max(1, made_of.length));
            const close = told.some((number) => number.minus(value).abs().lessThanOrEqualTo(most));
            expect([name, panel.id, field, value.toFixed(), close]).toEqual([
              name,
              panel.id,
              field,
              value.toFixed(),
              true,
            ]);
          }
        });
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it('adds up as printed: rows to their groups, groups to the total', () => {
    let sums = 0;
    for (const { report } of documents) {
      for (const { blocks } of documentOf(report).sections) {
        for (const block of blocks) {
          if (block.kind !== 'table') continue;
          const total = block.rows.find(({ role }) => role === 'total');
          if (total === undefined) continue;
          total.cells.forEach(({ text }, column) => {
            if (column === 0 || !/\d/.test(text)) return;
            const parts = block.rows.filter(
              ({ role }) => role === 'plain' || role === 'inner' || role === 'rest',
            );
            const sum = parts.reduce(
              (all, { cells }) => all.plus(digits(cells[column]?.text ?? '0')),
              new Decimal(0),
            );
            expect([block.columns[column]?.title, sum.toFixed()]).toEqual([
              block.columns[column]?.title,
              digits(text).toFixed(),
            ]);
            sums += 1;
          });
        }
      }
    }
    expect(sums).toBeGreaterThan(20);
  });

  it('fits the fact sheet on one page, with all of its sections', async () => {
    const sheets = documents.filter(({ name }) => name.startsWith('fact_sheet'));
    expect(sheets.length).toBeGreaterThan(1);
    for (const { name, report } of sheets) {
      const pages = await readPages((await renderExport(report, 'pdf')).bytes);
      const text = pages.flatMap(({ pieces }) => pieces.map((piece) => piece.text));
      expect([name, pages.length]).toEqual([name, 1]);
      expect(text).toEqual(expect.arrayContaining(['Performance', 'Largest holdings', 'By currency']));
    }
  });

  it('prints a bridge that adds up, and says in words what its table says', async () => {
    const { report } = documents.find(({ name }) => name === 'export_portfolio_report growth')!;
    const { sections, summary, keyFigures } = documentOf(report);
    const bridge = sections.flatMap(({ blocks }) => blocks).find((block) => block.kind === 'bridge');
    const amounts = bridge?.kind === 'bridge' ? bridge.parts.map(({ cell }) => digits(cell.text)) : [];
    const [opening, closing] = [amounts[0]!, amounts.at(-1)!];
    const between = amounts.slice(1, -1).reduce((all, one) => all.plus(one), new Decimal(0));
    expect(opening.plus(between).toFixed()).toBe(closing.toFixed());
    for (const amount of amounts.slice(1, -1)) expect(summary).toContain(money(amount.abs()));
    expect(keyFigures[1]?.cell.text).toContain(
      money(closing.minus(opening).minus(amounts[1]!).minus(amounts[2]!)),
    );
  });

  it('gives the answer of the overview first, and no page of daily figures', async () => {
    const { report } = documents.find(({ name }) => name === 'portfolio_overview growth')!;
    const pages = await readPages((await renderExport(report, 'pdf')).bytes);
    const [first = []] = pages.map(({ pieces }) => pieces.map(({ text }) => text));
    expect(first).toContain('207,259.88 CAD');
    expect(first.join(' ')).toContain('was worth 207,259.88 CAD');
    expect(pages.length).toBeLessThanOrEqual(4);
    const all = pages.flatMap(({ pieces }) => pieces.map(({ text }) => text));
    expect(all.filter((text) => /^\d{4}-\d{2}-\d{2}$/.test(text)).length).toBeLessThan(40);
  });
});

function textsOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'table':
      return block.rows.flatMap(({ cells }) => cells.map(({ text }) => text));
    case 'facts':
      return block.facts.flatMap(({ title, cell }) => [title, cell.text]);
    case 'bars':
      return block.bars.map(({ cell, share }) => (share.value.kind === 'none' ? cell : share).text);
    case 'bridge':
      return block.parts.flatMap(({ label, cell }) => [label, cell.text]);
    case 'line':
    case 'history':
    case 'text':
      return [];
  }
}

function tableOf(
  panelId: string,
  {
    name,
    data,
    pattern,
  }: { readonly name: string; readonly data: JsonObject; readonly pattern: PatternDefinition },
): TableBlock {
  const panels = (pattern.presentation?.panels ?? []).filter(({ id }) => id === panelId);
  const report = reportOf(pattern.id, name.split(' ')[1] ?? '', data, {
    ...pattern,
    presentation: { panels },
  });
  const [block] = documentOf(report).sections[0]?.blocks ?? [];
  if (block?.kind !== 'table') throw new Error(`${name} ${panelId} is no table`);
  return block;
}

const money = (amount: Decimal): string => amount.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',');

/** The number that a person reads in a cell. */
const digits = (text: string): Decimal =>
  new Decimal(/-?[\d,]*\.?\d+/.exec(text)?.[0].replaceAll(',', '') ?? '0');

const parsed =
  (format: string) =>
  (text: string): { readonly value: Decimal; readonly step: Decimal } => {
    const number = digits(text);
    const isShare = format === 'percent' || format === 'percent_change' || format === 'points';
    const step = new Decimal(10).pow(-number.decimalPlaces() - trailing(text, number));
    return isShare ? { value: number.div(100), step: step.div(100) } : { value: number, step };
  };

/** Places that the text has beyond the number's own: `1.50`. */
function trailing(text: string, number: Decimal): number {
  const places = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return places - number.decimalPlaces();
}
