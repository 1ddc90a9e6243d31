import { isoDate, type JsonObject, type JsonValue } from '@dawsos/contracts';
import { createSnapshot, loadLedgerFrom } from '@dawsos/ledger';
import { buildPack, createPricingPack, ledgerQuotes } from '@dawsos/pricing';
import { createRecorder } from '../../reads/recording';
import { shippedAgents } from '../../shipped-agents';

const HEAD = `
option "operating_currency" "USD"
plugin "beancount.plugins.auto_accounts"
2020-01-01 custom "portfolio" "p" Assets:B
  base_currency: USD
`;

type Row = Record<string, JsonValue>;

/** What the tax report says of a ledger, each row in a line of text. */
export interface TaxTold {
  /** `2024-03-01 sale 10 ABC: 1200 - 1000 = 200 long` */
  readonly sales: readonly string[];
  /** `10 ABC of 2023-01-05: 1000 long` */
  readonly lots: readonly string[];
  /** `code commodity-or-first-words` */
  readonly gaps: readonly string[];
  readonly notes: readonly string[];
}

/** The tax report of all years of a ledger in US dollars; its portfolio is Assets:B. */
export async function taxesOf(text: string, asof = '2024-12-31'): Promise<TaxTold> {
  const run = await lotWorld(text, asof);
  const years = Array.from({ length: 6 }, (_, index) => 2020 + index);
  const realised: Row[] = [];
  for (const tax_year of years) realised.push(await run('tax.realized_gains', { tax_year }));
  const details = await run('tax.lot_details');
  const rows = (result: Row, key: string): Row[] => result[key] as Row[];
  const said = (row: Row, key: string): string => String(row[key]);
  const sales = realised.flatMap((year) => rows(year, 'sales'));
  const gaps = [...realised.flatMap((year) => rows(year, 'gaps')), ...rows(details, 'gaps')];
  return {
    sales: sales.map(
      (row) =>
        `${said(row, 'date')} ${said(row, 'kind')} ${said(row, 'units')} ${said(row, 'commodity')}: ` +
        `${said(row, 'proceeds_base')} - ${said(row, 'basis_base')} = ${said(row, 'gain_base')} ${said(row, 'term')}` +
        (row['disallowed_base'] === '0' ? '' : `, ${said(row, 'disallowed_base')} disallowed`),
    ),
    lots: rows(details, 'lots').map(
      (row) =>
        `${said(row, 'units')} ${said(row, 'commodity')} of ${said(row, 'acquired')}: ` +
        `${said(row, 'basis_base')} ${said(row, 'term')}`,
    ),
    gaps: [...new Set(gaps.map((gap) => `${said(gap, 'code')}: ${said(gap, 'detail')}`))],
    notes: [...new Set(realised.flatMap((year) => rows(year, 'notes').map((row) => said(row, 'note'))))],
  };
}

/** Runs capabilities on such a ledger; its prices are its own. */
export async function lotWorld(text: string, asof: string) {
  const source = new TextEncoder().encode(HEAD + text);
  const ledger = await loadLedgerFrom(
    { read: async (path) => (path === 'main.beancount' ? source : undefined), list: async () => [] },
    'main.beancount',
  );
  if (ledger.errors.length > 0) throw new Error(JSON.stringify(ledger.errors));
  const asofDate = isoDate(asof);
  const built = buildPack({ asofDate, sources: [ledgerQuotes(ledger)] });
  const pack = createPricingPack({ id: built.id, hash: built.hash, asofDate, series: built.series });
  const world = { pack, ledger: createSnapshot('0'.repeat(40), ledger), portfolioId: 'p', asofDate };
  const capabilities = shippedAgents().flatMap((agent) => agent.capabilities);
  return async (name: string, args: JsonObject = {}): Promise<Row> => {
    const capability = capabilities.find((candidate) => candidate.name === name);
    if (capability === undefined) throw new Error(`no capability ${name}`);
    const context = { ...createRecorder(world), asofDate, signal: new AbortController().signal };
    return capability.result.parse(await capability.run(capability.args.parse(args), context)) as Row;
  };
}
