import {
  contentHash,
  type JsonValue,
  type Read,
  type Sha256Hex,
  sha256Hex,
  type StepTrace,
  type StepTraceStore,
} from '@dawsos/contracts';
import { LRUCache } from '@dawsos/resilience';
import { stillHolds, type World } from '../reads/recording';
import type { Route } from '../runtime/registry';
import { deepFreeze } from './freeze';

export interface CachedResult {
  readonly result: JsonValue;
  readonly resultJson: string;
  readonly resultHash: Sha256Hex;
  readonly reads: readonly Read[];
}

/** Results of steps, reused where the key is equal and every read still has the answer that was recorded. */
export interface StepCache {
  find(key: StepKey, world: World): Promise<CachedResult | undefined>;
  keep(key: StepKey, world: World, result: CachedResult): void;
}

export interface StepCacheOptions {
  /** Characters of results kept in memory; the least recently used go first. */
  readonly maxCharacters: number;
  /** Shares traces with other processes; its faults are reported and otherwise ignored. */
  readonly store?: StepTraceStore;
  readonly onStoreFault?: (error: unknown) => void;
}

export interface StepKey {
  readonly hash: Sha256Hex;
  readonly capability: string;
  readonly agentVersion: string;
  readonly argsHash: Sha256Hex;
}

/** All that a capability sees without a read is in the key: arguments, portfolio, and both as-of days. */
export function stepKey({ agent, capability }: Route, argsHash: Sha256Hex, world: World): StepKey {
  const hash = contentHash([
    capability.name,
    agent.name,
    agent.version,
    argsHash,
    world.portfolioId,
    world.asofDate,
    world.pack.asofDate,
  ]);
  return { hash, capability: capability.name, agentVersion: agent.version, argsHash };
}

interface Entry extends CachedResult {
  /** The pack and ledger that the reads were last verified against, as `hash commit`: they hold there again. */
  verifiedIn: string;
}

const MAX_TRACES_A_KEY = 4;

export function createStepCache(options: StepCacheOptions): StepCache {
  const entries = new LRUCache<string, readonly Entry[]>({
    maxSize: options.maxCharacters,
    sizeCalculation: (traces) => Math.max(1, lengthOf(traces)),
  });

  function insert(key: string, entry: Entry): void {
    const before = entries.get(key) ?? [];
    const others = before.filter(({ verifiedIn }) => verifiedIn !== entry.verifiedIn);
    entries.set(key, [entry, ...others].slice(0, MAX_TRACES_A_KEY));
  }

  function findInMemory(key: string, world: World): Entry | undefined {
    const traces = entries.get(key);
    const pins = pinsOf(world);
    const hit = traces?.find((trace) => trace.verifiedIn === pins || holdsIn(trace.reads, world));
    if (hit !== undefined) hit.verifiedIn = pins;
    return hit;
  }

  async function findInStore(key: string, world: World): Promise<Entry | undefined> {
    try {
      const traces = (await options.store?.find(key)) ?? [];
      const hit = traces.find((trace) => holdsIn(trace.reads, world));
      return hit === undefined ? undefined : entryOf(hit, world);
    } catch (error) {
      options.onStoreFault?.(error);
      return undefined;
    }
  }

  return {
    async find(key, world) {
      const known = findInMemory(key.hash, world);
      if (known !== undefined || options.store === undefined) return known;
      const stored = await findInStore(key.hash, world);
      if (stored !== undefined) insert(key.hash, stored);
      return stored;
    },
    keep(key, world, result) {
      // What a source says is pinned by nothing, so it may be another tomorrow.
      if (result.reads.some(({ kind }) => kind === 'source')) return;
      insert(key.hash, { ...result, verifiedIn: pinsOf(world) });
      const { store } = options;
      if (store === undefined) return;
      store.save(traceOf(key, result)).catch((error: unknown) => options.onStoreFault?.(error));
    },
  };
}

function lengthOf(traces: readonly Entry[]): number {
  return traces.reduce((sum, { resultJson }) => sum + resultJson.length, 0);
}

function pinsOf({ pack, ledger }: World): string {
  return `${pack.hash} ${ledger.commit}`;
}

/** A look-up that throws (a portfolio that is gone) does not hold. */
function holdsIn(reads: readonly Read[], world: World): boolean {
  try {
    return reads.every((read) => stillHolds(read, world));
  } catch {
    return false;
  }
}

function entryOf({ resultJson, reads }: StepTrace, world: World): Entry {
  const result = deepFreeze(JSON.parse(resultJson) as JsonValue);
  return { result, resultJson, resultHash: sha256Hex(resultJson), reads, verifiedIn: pinsOf(world) };
}

function traceOf(key: StepKey, { reads, resultJson }: CachedResult): StepTrace {
  const { hash, capability, agentVersion, argsHash } = key;
  const readsHash = contentHash(reads.map((read) => [read.kind, read.key, read.hash]));
  return { key: hash, capability, agentVersion, argsHash, reads, readsHash, resultJson };
}
