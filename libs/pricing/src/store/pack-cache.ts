import type { PackStore } from './pack-store';
import type { PricingPack } from '../pack/pricing-pack';

export interface PackCache {
  /** A sealed pack: loaded once, shared by all that ask meanwhile and after. Throws what `PackStore.load` does. */
  load(id: string): Promise<PricingPack>;
}

/** Keeps the packs used last; a sealed pack never changes, so its id is key enough. */
export function createPackCache(store: Pick<PackStore, 'load'>, keep = 8): PackCache {
  const packs = new Map<string, Promise<PricingPack>>();
  return {
    load(id) {
      const known = packs.get(id);
      const loading = known ?? store.load(id);
      packs.delete(id);
      packs.set(id, loading);
      if (known === undefined) {
        loading.catch(() => packs.delete(id));
        const oldest = packs.keys().next();
        if (packs.size > keep && !oldest.done) packs.delete(oldest.value);
      }
      return loading;
    },
  };
}
