import type { Faults } from '../faults';
import { MISSING, type IncompletePosting, type IncompleteTransaction, type Missing } from '../incomplete';
import type { Inventory } from '../inventory';

/** The postings of a transaction that balance in one currency. */
export interface Group {
  readonly currency: string;
  readonly postings: readonly IncompletePosting[];
}

/** A posting by its index, with the currencies found for it; `undefined` where it has no such part. */
interface Reference {
  readonly index: number;
  readonly units: string | Missing | undefined;
  readonly cost: string | Missing | undefined;
  readonly price: string | Missing | undefined;
}

type Balances = ReadonlyMap<string, Inventory>;

/** The currency that a posting balances in, as far as is known. */
function bucketOf({ units, cost, price }: Reference): string | undefined {
  if (typeof cost === 'string') return cost;
  if (typeof price === 'string') return price;
  if (cost === undefined && price === undefined && typeof units === 'string') return units;
  return undefined;
}

function only(currencies: ReadonlySet<string> | undefined): string | Missing {
  if (currencies?.size !== 1) return MISSING;
  const [currency = MISSING] = currencies;
  return currency;
}

function refer({ units, cost, price }: IncompletePosting, index: number): Reference {
  const costCurrency = cost?.currency;
  const priceCurrency = price?.currency;
  return {
    index,
    units: units === MISSING ? undefined : units.currency,
    cost: costCurrency === MISSING && typeof priceCurrency === 'string' ? priceCurrency : costCurrency,
    price: priceCurrency === MISSING && typeof costCurrency === 'string' ? costCurrency : priceCurrency,
  };
}

class Groups {
  /** In the order of the first posting of each: a map keeps the order of insertion, so the index is kept beside. */
  readonly references = new Map<string, Reference[]>();
  private readonly firstIndex = new Map<string, number>();

  add(currency: string, reference: Reference): void {
    const references = this.references.get(currency);
    if (references === undefined) this.references.set(currency, [reference]);
    else references.push(reference);
    if (!this.firstIndex.has(currency)) this.firstIndex.set(currency, reference.index);
  }

  inOrder(): readonly (readonly [string, readonly Reference[]])[] {
    const first = (currency: string) => this.firstIndex.get(currency) ?? 0;
    return [...this.references].sort(([one], [other]) => first(one) - first(other));
  }
}

/**
 * Sorts a transaction's postings by the currency they balance in, and finds the currencies that are left out: from the
 * only other group there is, else from what the account holds. @returns undefined when there was a fault.
 */
export function categorize(
  entry: IncompleteTransaction,
  balances: Balances,
  faults: Faults,
): readonly Group[] | undefined {
  const before = faults.errors.length;
  const { postings } = entry;
  const groups = new Groups();
  const automatic: Reference[] = [];
  const unknown: Reference[] = [];
  for (const [index, posting] of postings.entries()) {
    const reference = refer(posting, index);
    const currency = bucketOf(reference);
    if (posting.units === MISSING) automatic.push(reference);
    else if (currency !== undefined) groups.add(currency, reference);
    else unknown.push(reference);
  }
  resolveUnknown(unknown, groups, postings, balances, faults);
  resolveUnits(groups, postings, balances);
  spreadAutomatic(automatic, groups, postings, faults);
  reportUnresolved(groups, postings, faults);
  if (faults.errors.length > before) return undefined;
  return groups.inOrder().map(([currency, references]) => ({
    currency,
    postings: [...references]
      .sort((one, other) => one.index - other.index)
      .flatMap((reference) => fill(postings, reference)),
  }));
}

function resolveUnknown(
  unknown: readonly Reference[],
  groups: Groups,
  postings: readonly IncompletePosting[],
  balances: Balances,
  faults: Faults,
): void {
  const alone = unknown.length === 1 && groups.references.size === 1;
  for (const reference of unknown) {
    const found = alone
      ? fromOtherGroup(reference, groups)
      : fromHoldings(reference, balances.get(postings[reference.index]?.account ?? ''));
    const currency = bucketOf(found);
    if (currency !== undefined) groups.add(currency, found);
    else reportAt(faults, postings, reference, `Failed to categorize posting ${reference.index + 1}`);
  }
}

function fromOtherGroup(reference: Reference, groups: Groups): Reference {
  const [other = MISSING] = groups.references.keys();
  const { cost, price } = reference;
  if (cost === undefined && price === undefined) return { ...reference, units: other };
  return { ...reference, cost: cost === MISSING ? other : cost, price: price === MISSING ? other : price };
}

function fromHoldings(reference: Reference, held: Inventory | undefined): Reference {
  const { units, cost, price } = reference;
  const ofCost = cost === MISSING || price === MISSING ? only(held?.costCurrencies()) : MISSING;
  return {
    index: reference.index,
    units: units === MISSING ? only(held?.currencies()) : units,
    cost: cost === MISSING ? ofCost : cost,
    price: price === MISSING ? ofCost : price,
  };
}

/** The currency of units that were grouped by their cost or price. */
function resolveUnits(groups: Groups, postings: readonly IncompletePosting[], balances: Balances): void {
  for (const references of groups.references.values()) {
    for (const [index, reference] of references.entries()) {
      if (reference.units !== MISSING) continue;
      const held = balances.get(postings[reference.index]?.account ?? '');
      references[index] = { ...reference, units: only(held?.currencies()) };
    }
  }
}

function spreadAutomatic(
  automatic: readonly Reference[],
  groups: Groups,
  postings: readonly IncompletePosting[],
  faults: Faults,
): void {
  const [first, ...more] = automatic;
  const last = more.at(-1);
  if (last !== undefined) {
    reportAt(faults, postings, last, 'You may not have more than one auto-posting per currency');
  }
  if (first === undefined) return;
  for (const currency of groups.references.keys()) {
    groups.add(currency, { index: first.index, units: currency, cost: undefined, price: undefined });
  }
}

function reportUnresolved(groups: Groups, postings: readonly IncompletePosting[], faults: Faults): void {
  for (const references of groups.references.values()) {
    for (const reference of references) {
      for (const part of ['units', 'cost', 'price'] as const) {
        if (reference[part] === MISSING) {
          reportAt(faults, postings, reference, `Could not resolve ${part} currency`);
        }
      }
    }
  }
}

function reportAt(
  faults: Faults,
  postings: readonly IncompletePosting[],
  { index }: Reference,
  message: string,
): void {
  const posting = postings[index];
  if (posting !== undefined) faults.report(posting.location, message);
}

/** The posting with the currencies found. */
function fill(postings: readonly IncompletePosting[], reference: Reference): readonly IncompletePosting[] {
  const posting = postings[reference.index];
  if (posting === undefined) return [];
  const { units, cost, price } = posting;
  if (units === MISSING)
    return [{ ...posting, units: { number: MISSING, currency: reference.units ?? MISSING } }];
  if (units.currency !== MISSING && cost?.currency !== MISSING && price?.currency !== MISSING)
    return [posting];
  return [
    {
      ...posting,
      units: { number: units.number, currency: units.currency ?? reference.units ?? MISSING },
      cost: cost?.kind === 'spec' ? { ...cost, currency: cost.currency ?? reference.cost ?? MISSING } : cost,
      price: price && { number: price.number, currency: price.currency ?? reference.price ?? MISSING },
    },
  ];
}
