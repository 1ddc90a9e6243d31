/** Computes a key's value once and keeps it; past `limit` keys the oldest go first. */
export type Memo<T> = (key: string, compute: (key: string) => T) => T;

export function createMemo<T extends object>(limit: number): Memo<T> {
  const kept = new Map<string, T>();
  return (key, compute) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    const [oldest] = kept.size >= limit ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
    kept.set(key, value);
    return value;
  };
}
