import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isoDate, PatternDefinitionSchema, type JsonObject, type JsonValue } from '@dawsos/contracts';
import { createReport, renderExport, type Report } from '../src/index';
import { beyondMargins, collisions, readPages } from './page-reader';

const ROOT = path.resolve(__dirname, '../../..');
const SIDE = 56.69;

const CLASSES = ['equity', 'equity_fund', 'corporate_bond_of_an_issuer_in_an_emerging_market', null];
const NAMES = [
  'Société Générale de Participations Industrielles et Commerciales du Grand-Duché, Actions Ordinaires au Porteur',
  'Τράπεζα της Ελλάδος',
  'Spółka Akcyjna „Łódź”',
  'Zażółć/gęślą/jaźń/without/one/single/space/in/all/of/its/name/whatever/the/width',
  'A',
  '株式会社 東京',
];

/** Sixty holdings in three currencies: gains, losses, short ones, dust, millions, and two that nothing values. */
function positions(): JsonValue[] {
  return Array.from({ length: 60 }, (_, index): JsonObject => {
    const currency = ['CAD', 'USD', 'JPY'][index % 3] ?? 'CAD';
    const isGap = index === 7 || index === 31;
    const value = ((index % 9) - 3) * 12_345.678 * (index % 10 === 0 ? 1000 : 1);
    return {
      commodity: `SYMBOL.${String(index)}`,
      name: NAMES[index % NAMES.length] ?? null,
      asset_class: CLASSES[index % CLASSES.length] ?? null,
      sector: null,
      is_cash: false,
      quantity: index % 5 === 0 ? '0.000000012345' : String(index * 1001 - 9000),
      price: index % 7 === 0 ? '0.0000000002' : '123456.789',
      price_currency: currency,
      price_date: '2025-10-22',
      rate: '1.3465',
      value: isGap ? null : value.toFixed(6),
      weight: isGap ? null : (value / 1_000_000).toFixed(9),
      cost_base: isGap ? null : (value + value / 7).toFixed(6),
      gain_base: isGap ? null : (-value / 7).toFixed(6),
      is_base: currency === 'CAD',
      lots: 1,
    };
  });
}

async function uglyReport(): Promise<Report> {
  const id = 'export_portfolio_report';
  const text = await readFile(path.join(ROOT, 'patterns', `${id}.json`), 'utf8');
  const pattern = PatternDefinitionSchema.parse(JSON.parse(text));
  const golden = path.join(ROOT, 'libs/agents/test/golden', `${id}.growth.golden.json`);
  const data = JSON.parse(await readFile(golden, 'utf8')) as Record<string, JsonObject>;
  const ugly: JsonObject = {
    ...data,
    bridge: {
      ...data['bridge'],
      portfolio: { id: 'p', name: NAMES[0] ?? '', base_currency: 'CAD', owner: NAMES[1] ?? '' },
    },
    holdings: {
      base_currency: 'CAD',
      positions: positions(),
      complete: false,
      gaps: Array.from({ length: 25 }, (_, index) => ({
        figure: 'value',
        code: 'price_missing',
        detail: `the pack has no price of SYMBOL.${String(index)} on or before 2025-10-22, nor of anything that it was changed into`,
        remedy: `2025-10-22 price SYMBOL.${String(index)} 1.00 CAD`,
      })),
    },
  };
  const block = {
    source: 'a',
    reason: 'A Vendor With A Long Name, Inc. does not allow export',
    remedy: 'Obtain: a licence.',
  };
  return createReport(
    {
      pattern_id: id,
      pattern_version: pattern.version,
      portfolio_id: 'p',
      asof_date: isoDate('2025-10-22'),
      pricing_pack_id: 'PP_2025-10-22',
      pricing_pack_hash: 'a'.repeat(64),
      ledger_commit_hash: 'b'.repeat(40),
      data_hash: 'c'.repeat(64),
    },
    ugly,
    pattern,
    {
      request: { action: 'export', format: 'pdf' },
      environment: 'test',
      registryHash: 'd'.repeat(64),
      figures: Object.keys(ugly).map((figure) => ({
        figure,
        sources: ['ledger', 'a', 'b'],
        allowed: figure !== 'currency_attr',
        blocks: figure === 'currency_attr' ? [block] : [],
      })),
      attributions: Array.from(
        { length: 5 },
        (_, index) =>
          `Data of vendor ${String(index)}, who asks for this line at the foot of every page on which any of it stands, whole.`,
      ),
      watermarks: ['Data: One Vendor', 'Not to be passed on to anybody without a licence of its own'],
      notForRedistribution: ['One Vendor', 'Another Vendor'],
    },
  );
}

describe('the report of an ugly portfolio', () => {
  it('lies on no other text and within the margins, on every page, and names what is withheld and not told', async () => {
    const pages = await readPages((await renderExport(await uglyReport(), 'pdf')).bytes);
    pages.forEach((page, index) => {
      expect([index, collisions(page)]).toEqual([index, []]);
      expect([index, beyondMargins(page, SIDE)]).toEqual([index, []]);
      expect(Math.min(page.inkFrom.top, page.inkFrom.bottom)).toBeGreaterThan(24);
    });
    const text = pages.flatMap(({ pieces }) => pieces.map((piece) => piece.text)).join(' ');
    expect(text).toContain(
      'Left out: A Vendor With A Long Name, Inc. does not allow export. Obtain: a licence.',
    );
    expect(text).toContain('price_missing: the pack has no price of SYMBOL.24');
    expect(text).toContain('Τράπεζα της Ελλάδος');
    // what a total lacks is not told as if it were whole
    expect(text).toMatch(/Total\s+–\s+–/);
  });

  it('is a file of moderate size, tags and all', async () => {
    const report = await uglyReport();
    await renderExport(report, 'pdf');
    const { bytes } = await renderExport(report, 'pdf');
    expect(bytes.length).toBeLessThan(600_000);
  });
});
