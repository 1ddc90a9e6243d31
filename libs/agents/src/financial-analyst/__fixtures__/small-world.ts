import { isoDate, type IsoDate, type JsonObject, type JsonValue } from '@dawsos/contracts';
import { createSnapshot, loadLedgerFrom, type LedgerSource } from '@dawsos/ledger';
import { buildPack, createPricingPack, ledgerQuotes } from '@dawsos/pricing';
import { createRecorder } from '../../reads/recording';
import { shippedAgents } from '../../shipped-agents';

const HEAD = `
option "operating_currency" "CAD"
2024-01-01 custom "portfolio" "p" Assets:P
  base_currency: CAD
  name: "P"
2024-01-01 commodity CAD
  asset_class: "currency"
2024-01-01 commodity USD
  asset_class: "currency"
2024-01-01 commodity ABC
  sector: "Technology"
  asset_class: "equity"
2024-01-01 open Assets:P:Cash
2024-01-01 open Assets:P:ABC
2024-01-01 open Assets:Other
2024-01-01 open Equity:Opening
2024-01-01 open Income:Dividends
2024-01-01 open Income:Gains
2024-01-01 open Income:Salary
  flow: "external"
2024-01-01 open Expenses:Fees
2024-01-01 price USD 1.30 CAD
`;

/** Runs capabilities on a ledger written in the test; its prices are its own `price` directives. */
export async function smallWorld(text: string, asof: string) {
  const ledger = await loadLedgerFrom(oneFile(HEAD + text), 'main.beancount');
  if (ledger.errors.length > 0) throw new Error(JSON.stringify(ledger.errors));
  const asofDate: IsoDate = isoDate(asof);
  const built = buildPack({ asofDate, sources: [ledgerQuotes(ledger)] });
  const pack = createPricingPack({ id: built.id, hash: built.hash, asofDate, series: built.series });
  const world = { pack, ledger: createSnapshot('0'.repeat(40), ledger), portfolioId: 'p', asofDate };
  const capabilities = shippedAgents().flatMap((agent) => agent.capabilities);
  return async (name: string, args: JsonObject = {}): Promise<Record<string, JsonValue>> => {
    const capability = capabilities.find((candidate) => candidate.name === name);
    if (capability === undefined) throw new Error(`no capability ${name}`);
    const context = { ...createRecorder(world), asofDate, signal: new AbortController().signal };
    const result = capability.result.parse(await capability.run(capability.args.parse(args), context));
    return result as Record<string, JsonValue>;
  };
}

function oneFile(text: string): LedgerSource {
  return {
    read: async (path) => (path === 'main.beancount' ? new TextEncoder().encode(text) : undefined),
    list: async () => [],
  };
}
