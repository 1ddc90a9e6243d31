import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { InvokeCapability, JsonObject } from '@dawsos/contracts';
import { createMetricsRegistry } from '@dawsos/observability';
import {
  loadPatterns,
  parseInputs,
  runPattern,
  type PatternCatalog,
  type PatternResult,
} from '@dawsos/patterns';
import { createAgentRuntime, financialAnalyst, type AgentRuntime } from '../src/index';
import { ASOF, exampleWorlds, ROOT } from './example-world';

/** Set to write the golden files anew: `UPDATE_GOLDEN=1 npx jest --selectProjects integration libs/agents/test`. */
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const metrics = createMetricsRegistry({ processMetrics: false });

let runtime: AgentRuntime;
let patterns: PatternCatalog;
let worldOf: Awaited<ReturnType<typeof exampleWorlds>>;

beforeAll(async () => {
  worldOf = await exampleWorlds();
  runtime = createAgentRuntime({ agents: [financialAnalyst()], metrics });
  patterns = await loadPatterns(path.join(ROOT, 'patterns'), runtime.catalog);
});

async function execute(
  id: string,
  portfolioId: string | null,
  inputs: JsonObject = {},
): Promise<PatternResult> {
  const plan = patterns.get(id);
  if (plan === undefined) throw new Error(`no pattern ${id}`);
  const world = worldOf(portfolioId);
  const invoke: InvokeCapability = runtime.bind(world);
  return runPattern(plan, {
    inputs: parseInputs(plan.definition, inputs),
    ctx: {
      pricing_pack_id: world.pack.id,
      ledger_commit_hash: world.ledger.commit,
      portfolio_id: portfolioId,
      asof_date: ASOF,
    },
    invoke,
    metrics,
    signal: new AbortController().signal,
    maxParallel: 4,
  });
}

const CASES = [
  ['portfolio_overview', 'growth', { risk_free_rate: '0.03' }],
  ['portfolio_overview', 'income', { lookback_days: 60 }],
  ['portfolio_overview', 'reserve', { lookback_days: 30 }],
  ['holdings', 'growth', {}],
  ['performance', 'income', { lookback_days: 400 }],
  ['risk_report', 'growth', {}],
] as const;

describe('the patterns that ship, on the example ledger', () => {
  it.each(CASES)('%s of %s gives the recorded figures', async (id, portfolioId, inputs) => {
    const file = path.join(__dirname, 'golden', `${id}.${portfolioId}.golden.json`);
    const { data } = await execute(id, portfolioId, inputs);
    const text = `${JSON.stringify(data, null, 1)}\n`;
    if (UPDATE) await writeFile(file, text);
    expect(JSON.parse(text)).toEqual(JSON.parse(await readFile(file, 'utf8')));
  });

  it('every pattern that ships has a case here', () => {
    expect([...new Set(CASES.map(([id]) => id))].sort()).toEqual(patterns.ids());
  });
});
