import type { LotCost, Units } from './incomplete';
import type { LedgerDecimal } from './number';

export interface Lot {
  readonly units: Units;
  readonly cost: LotCost | null;
}

/** What adding to an inventory did to the lot it found. */
export type Change = 'created' | 'augmented' | 'reduced' | 'ignored';

/**
 * An account's holdings: lots by currency and cost, equal numbers being equal whatever their trailing zeros. Its order
 * is that of creation; a lot that reaches zero leaves.
 */
export class Inventory implements Iterable<Lot> {
  private readonly lots: Map<string, Lot>;
  /** How many lots of a currency are above and below zero, so that `isReducedBy` need not look at each. */
  private readonly sides = new Map<string, { above: number; below: number }>();

  constructor(other?: Inventory) {
    this.lots = new Map(other?.lots);
    for (const [currency, sides] of other?.sides ?? []) this.sides.set(currency, { ...sides });
  }

  get size(): number {
    return this.lots.size;
  }

  [Symbol.iterator](): Iterator<Lot> {
    return this.lots.values();
  }

  add(lot: Lot): Change {
    const { units, cost } = lot;
    const key = cost === null ? units.currency : lotKey(units.currency, cost);
    const held = this.lots.get(key);
    if (held === undefined) {
      if (units.number.isZero) return 'ignored';
      this.lots.set(key, { units, cost });
      this.count(units, 1);
      return 'created';
    }
    const change = sameSign(held.units.number, units.number) ? 'augmented' : 'reduced';
    const number = held.units.number.add(units.number);
    this.count(held.units, -1);
    if (number.isZero) {
      this.lots.delete(key);
    } else {
      const sum = { number, currency: units.currency };
      this.lots.set(key, { units: sum, cost });
      this.count(sum, 1);
    }
    return change;
  }

  /** Whether `units` are of the opposite sign of a lot in their currency. */
  isReducedBy(units: Units): boolean {
    if (units.number.isZero) return false;
    const sides = this.sides.get(units.currency);
    return sides !== undefined && (units.number.sign < 0 ? sides.above : sides.below) > 0;
  }

  private count({ number, currency }: Units, change: 1 | -1): void {
    let sides = this.sides.get(currency);
    if (sides === undefined) this.sides.set(currency, (sides = { above: 0, below: 0 }));
    if (number.sign < 0) sides.below += change;
    else sides.above += change;
  }

  currencies(): ReadonlySet<string> {
    return new Set([...this.lots.values()].map((lot) => lot.units.currency));
  }

  costCurrencies(): ReadonlySet<string> {
    return new Set([...this.lots.values()].flatMap((lot) => (lot.cost === null ? [] : [lot.cost.currency])));
  }
}

const costKeys = new WeakMap<LotCost, string>();

function lotKey(currency: string, cost: LotCost): string {
  let key = costKeys.get(cost);
  if (key === undefined) {
    key = JSON.stringify([cost.number.key, cost.currency, cost.date, cost.label]);
    costKeys.set(cost, key);
  }
  return `${currency} ${key}`;
}

function sameSign(one: LedgerDecimal, other: LedgerDecimal): boolean {
  return one.sign >= 0 === other.sign >= 0;
}
