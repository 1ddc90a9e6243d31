import { ZERO, type Decimal } from '@dawsos/contracts';

export interface AllocationItem {
  /** What it is grouped by; null where it is not known. */
  readonly key: string | null;
  /** Null where it is not known. */
  readonly value: Decimal | null;
}

export interface Allocation {
  /** Null: what has no known key. It is a bucket of its own, never added to another. */
  readonly key: string | null;
  /** Null where a part of it is not known. */
  readonly value: Decimal | null;
  readonly weight: Decimal | null;
  readonly count: number;
}

/** value / total; null where the total is zero, of which nothing is a part. */
export function weight(value: Decimal, total: Decimal): Decimal | null {
  return total.isZero() ? null : value.div(total);
}

/**
 * Values summed by key, the largest first, those not known after them, then by key; the unknown key last. Weights are
 * of the net total, and null where that is not known.
 */
export function allocate(items: readonly AllocationItem[]): Allocation[] {
  const total = items.reduce<Decimal | null>((sum, { value }) => plus(sum, value), ZERO);
  const sums = new Map<string | null, { value: Decimal | null; count: number }>();
  for (const { key, value } of items) {
    const sum = sums.get(key) ?? { value: ZERO, count: 0 };
    sums.set(key, { value: plus(sum.value, value), count: sum.count + 1 });
  }
  return [...sums]
    .map(([key, { value, count }]) => ({
      key,
      value,
      count,
      weight: value === null || total === null ? null : weight(value, total),
    }))
    .sort(byValue);
}

const plus = (one: Decimal | null, other: Decimal | null): Decimal | null =>
  one === null || other === null ? null : one.plus(other);

function byValue(a: Allocation, b: Allocation): number {
  if (a.key === null) return 1;
  if (b.key === null) return -1;
  if (a.value !== null && b.value !== null) return b.value.comparedTo(a.value) || (a.key < b.key ? -1 : 1);
  if (a.value === null && b.value === null) return a.key < b.key ? -1 : 1;
  return a.value === null ? 1 : -1;
}
