import { ZERO, type Decimal } from '@dawsos/contracts';

export interface AllocationItem {
  /** What it is grouped by; null where it is not known. */
  readonly key: string | null;
  readonly value: Decimal;
}

export interface Allocation {
  /** Null: what has no known key. It is a bucket of its own, never added to another. */
  readonly key: string | null;
  readonly value: Decimal;
  readonly weight: Decimal | null;
  readonly count: number;
}

/** value / total; null where the total is zero, of which nothing is a part. */
export function weight(value: Decimal, total: Decimal): Decimal | null {
  return total.isZero() ? null : value.div(total);
}

/** Values summed by key, the largest first, then by key; the unknown last. Weights are of the net total. */
export function allocate(items: readonly AllocationItem[]): Allocation[] {
  const total = items.reduce((sum, item) => sum.plus(item.value), ZERO);
  const sums = new Map<string | null, { value: Decimal; count: number }>();
  for (const { key, value } of items) {
    const sum = sums.get(key) ?? { value: ZERO, count: 0 };
    sums.set(key, { value: sum.value.plus(value), count: sum.count + 1 });
  }
  return [...sums]
    .map(([key, { value, count }]) => ({ key, value, count, weight: weight(value, total) }))
    .sort(byValue);
}

function byValue(a: Allocation, b: Allocation): number {
  if (a.key === null) return 1;
  if (b.key === null) return -1;
  return b.value.comparedTo(a.value) || (a.key < b.key ? -1 : 1);
}
