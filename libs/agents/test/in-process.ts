import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isoDate, toDawsosError, type IsoDate, type JsonObject, type JsonValue } from '@dawsos/contracts';
import {
  assertNoErrors,
  createSnapshot,
  loadLedgerFrom,
  type LedgerSnapshot,
  type LedgerSource,
} from '@dawsos/ledger';
import { openSourceFolder, type DataSources } from '@dawsos/market-data';
import { createMetricsRegistry } from '@dawsos/observability';
import {
  loadPatterns,
  parseInputs,
  runPattern,
  type PatternCatalog,
  type PatternPlan,
} from '@dawsos/patterns';
import {
  buildPack,
  createPricingPack,
  ledgerQuotes,
  newestQuoteDate,
  readPriceFolder,
  type PricingPack,
  type SourceQuotes,
} from '@dawsos/pricing';
import { createAgentRuntime, shippedAgents, type AgentRuntime } from '../src/index';

export const ROOT = path.resolve(__dirname, '../../..');

/** A ledger with what prices it, as the pack builder and the worker read them, without their services. */
export interface Books {
  readonly ledger: LedgerSnapshot;
  readonly quotes: readonly SourceQuotes[];
  readonly sources: DataSources;
}

/** What was asked of a run, and what came of it: `data`, or the error that an API client would be shown. */
export interface Answer {
  readonly status: 'succeeded' | 'failed';
  readonly pricing_pack_id: string;
  readonly data: JsonObject;
  readonly error: JsonValue;
}

const metrics = createMetricsRegistry({ processMetrics: false });

/** Stands for the commit of a repository that these tests do not make. */
const COMMIT = '0'.repeat(40);

/** A ledger of one file that is nowhere but in memory. */
export function textSource(text: string): LedgerSource {
  const bytes = new TextEncoder().encode(text);
  return {
    read: async (file) => (file === 'main.beancount' ? bytes : undefined),
    list: async (folder) => (folder === '' ? [{ name: 'main.beancount', kind: 'file' }] : []),
  };
}

const NO_SOURCES: DataSources = { macro: [], fundamentals: [], news: [] };

/** @throws DawsosError `ledger_has_errors`, `pack_unreadable` */
export async function openBooks(source: LedgerSource, market?: string): Promise<Books> {
  const ledger = await loadLedgerFrom(source, 'main.beancount');
  assertNoErrors(ledger);
  const files = market === undefined || !(await hasPrices(market)) ? [] : await readPriceFolder(market);
  const sources = market === undefined ? NO_SOURCES : await openSourceFolder(market);
  return { ledger: createSnapshot(COMMIT, ledger), quotes: [ledgerQuotes(ledger), ...files], sources };
}

async function hasPrices(market: string): Promise<boolean> {
  const folders = await readdir(market);
  return ['prices', 'fx', 'ecb'].some((folder) => folders.includes(folder));
}

/** The pack that the service would take: of the newest day with a quote on or before `asof`. */
export function packOf({ quotes }: Books, asof: IsoDate): PricingPack {
  const asofDate = newestQuoteDate(quotes, asof) ?? asof;
  const built = buildPack({ asofDate, sources: quotes });
  return createPricingPack({ id: built.id, hash: built.hash, asofDate, series: built.series });
}

export interface Patterns {
  readonly runtime: AgentRuntime;
  readonly catalog: PatternCatalog;
}

/** The agents and patterns that ship. */
export async function openPatterns(): Promise<Patterns> {
  const runtime = createAgentRuntime({ agents: shippedAgents(), metrics });
  return { runtime, catalog: await loadPatterns(path.join(ROOT, 'patterns'), runtime.catalog) };
}

export interface Question {
  readonly pattern: string;
  readonly portfolio: string | null;
  readonly asof: string;
  readonly inputs?: JsonObject;
}

/** Runs a pattern on books; a fault of the run is an answer. Packs are built by day, or given. */
export async function askBooks(
  { runtime, catalog }: Patterns,
  books: Books,
  question: Question,
  pack: PricingPack = packOf(books, isoDate(question.asof)),
): Promise<Answer> {
  const plan = catalog.get(question.pattern);
  if (plan === undefined) throw new Error(`no pattern ${question.pattern}`);
  const asofDate = isoDate(question.asof);
  const { ledger, sources } = books;
  const world = { pack, ledger, portfolioId: question.portfolio, asofDate, sources };
  const answered = { pricing_pack_id: pack.id };
  try {
    const { data } = await runPattern(plan, {
      inputs: inputsOf(plan, question),
      ctx: {
        pricing_pack_id: pack.id,
        ledger_commit_hash: ledger.commit,
        portfolio_id: question.portfolio,
        asof_date: asofDate,
      },
      invoke: runtime.bind(world),
      metrics,
      signal: new AbortController().signal,
      maxParallel: 4,
    });
    return { ...answered, status: 'succeeded', data, error: null };
  } catch (fault) {
    const { code, message, errors, extensions } = toDawsosError(fault);
    const error = JSON.parse(JSON.stringify({ code, detail: message, errors, extensions })) as JsonValue;
    return { ...answered, status: 'failed', data: {}, error };
  }
}

function inputsOf(plan: PatternPlan, { inputs = {} }: Question): JsonObject {
  return parseInputs(plan.definition, inputs);
}
