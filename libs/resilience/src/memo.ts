import { LRUCache } from 'lru-cache';

/** Computes a key's value once and keeps it; past `limit` keys the least recently used go first. */
export type Memo<V> = (key: string, compute: (key: string) => V) => V;

export function createMemo<V>(limit: number): Memo<V> {
  // in a box: "nothing" is an answer that is kept too
  const kept = new LRUCache<string, { readonly value: V }>({ max: limit });
  return (key, compute) => {
    const known = kept.get(key);
    if (known !== undefined) return known.value;
    const value = compute(key);
    kept.set(key, { value });
    return value;
  };
}
