import { LRUCache } from '@dawsos/resilience';
import type { PackStore } from './pack-store';
import type { PricingPack } from '../pack/pricing-pack';

export interface PackCache {
  /** A sealed pack: loaded once, shared by all that ask meanwhile and after. Throws what `PackStore.load` does. */
  load(id: string): Promise<PricingPack>;
}

/** The length of all packs that are kept: some 256 MB once every series of them was read, which takes about 16 bytes a character. */
const CHARACTERS_KEPT = 16_000_000;

/**
 * Keeps the packs used last; a sealed pack never changes, so its id is key enough. It alone holds packs: what others
 * make of one, they keep by a weak reference to it. A pack that is larger than all that is kept is kept alone.
 */
export function createPackCache(store: Pick<PackStore, 'load'>, maxCharacters = CHARACTERS_KEPT): PackCache {
  const packs = new LRUCache<string, PricingPack>({
    maxSize: maxCharacters,
    sizeCalculation: ({ characters }) => Math.min(maxCharacters, Math.max(1, characters)),
    // one that others drove out while it was loaded is still its callers' answer
    ignoreFetchAbort: true,
    fetchMethod: (id) => store.load(id),
  });
  return { load: (id) => packs.forceFetch(id) };
}
