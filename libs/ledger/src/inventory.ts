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

  constructor(other?: Inventory) {
    this.lots = new Map(other?.lots);
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
      return 'created';
    }
    const change = sameSign(held.units.number, units.number) ? 'augmented' : 'reduced';
    const number = held.units.number.add(units.number);
    if (number.isZero) this.lots.delete(key);
    else this.lots.set(key, { units: { number, currency: units.currency }, cost });
    return change;
  }

  /** Whether `units` are of the opposite sign of a lot in their currency. */
  isReducedBy(units: Units): boolean {
    if (units.number.isZero) return false;
    for (const lot of this.lots.values()) {
      if (lot.units.currency === units.currency && !sameSign(lot.units.number, units.number)) return true;
    }
    return false;
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
