import type { Faults } from '../faults';
import {
  MISSING,
  type BookedPosting,
  type CostSpec,
  type IncompletePosting,
  type LotCost,
  type Units,
} from '../incomplete';
import type { SourceLocation } from '../model';
import { LedgerDecimal } from '../number';
import { lotText } from './text';
import { quantizeUnits, type Tolerances } from './tolerance';
import { residualOf } from './weight';

type MissingNumber = 'units' | 'costPer' | 'costTotal' | 'price';

/** A posting with its place, for faults found once it is complete. */
interface Placed {
  readonly posting: BookedPosting;
  readonly location: SourceLocation;
}

/** Computes the one number that a group may lack, so that it balances. More than one is a fault, and leaves no posting. */
export function interpolateGroup(
  postings: readonly IncompletePosting[],
  currency: string,
  tolerances: Tolerances,
  faults: Faults,
): readonly BookedPosting[] {
  const missing = postings.flatMap((posting) =>
    missingNumbers(posting).map((number) => ({ posting, number })),
  );
  const [first, second] = missing;
  if (first !== undefined && second !== undefined) {
    faults.report(first.posting.location, `Too many missing numbers for currency group '${currency}'`);
    return [];
  }
  const complete = (posting: IncompletePosting): readonly Placed[] => placed(posting, completed(posting));
  if (first === undefined) return checked(postings.flatMap(complete), faults);
  const others = postings.filter((posting) => posting !== first.posting).flatMap(complete);
  const weight =
    residualOf(others.map(({ posting }) => posting))
      .get(currency)
      ?.negate() ?? LedgerDecimal.ZERO;
  const computed = compute(first.posting, first.number, weight, tolerances, faults);
  const result = postings.flatMap((posting) =>
    posting === first.posting ? placed(posting, computed) : complete(posting),
  );
  return checked(result, faults);
}

const placed = ({ location }: IncompletePosting, posting: BookedPosting | undefined): readonly Placed[] =>
  posting === undefined ? [] : [{ posting, location }];

function missingNumbers({ units, cost, price }: IncompletePosting): readonly MissingNumber[] {
  const missing: MissingNumber[] = [];
  if (units === MISSING || units.number === MISSING) missing.push('units');
  if (cost?.kind === 'spec' && cost.numberPer === MISSING) missing.push('costPer');
  if (cost?.kind === 'spec' && cost.numberTotal === MISSING) missing.push('costTotal');
  if (price?.number === MISSING) missing.push('price');
  return missing;
}

/** The posting with `weight` put where its number is missing; undefined when nothing is left to post. */
function compute(
  posting: IncompletePosting,
  missing: MissingNumber,
  weight: LedgerDecimal,
  tolerances: Tolerances,
  faults: Faults,
): BookedPosting | undefined {
  const units = posting.units?.number ?? LedgerDecimal.ZERO;
  const currency = posting.units?.currency ?? '';
  if (missing === 'units') {
    const number = computeUnits(posting, weight, faults);
    if (number === undefined || weight.isZero) return undefined;
    const quantized = quantizeUnits(tolerances.of(currency), number);
    return completed({ ...posting, units: { number: quantized, currency } }, true);
  }
  if (missing === 'price') return computePrice(posting, units, weight, faults);
  if (posting.cost?.kind !== 'spec') return undefined;
  const { numberPer, numberTotal } = posting.cost;
  if (missing === 'costPer') {
    if (units.isZero) return undefined;
    const number = weight.subtract(numberTotal ?? LedgerDecimal.ZERO).divide(units);
    return completed({ ...posting, cost: { ...posting.cost, numberPer: number } }, true);
  }
  const number = weight.subtract((numberPer ?? LedgerDecimal.ZERO).multiply(units));
  return completed({ ...posting, cost: { ...posting.cost, numberTotal: number } }, true);
}

function computeUnits(
  { cost, price, location }: IncompletePosting,
  weight: LedgerDecimal,
  faults: Faults,
): LedgerDecimal | undefined {
  if (cost?.kind === 'spec') {
    if (cost.numberPer === MISSING || cost.numberPer.isZero) {
      faults.report(location, 'Cannot infer per-unit cost only from total');
      return undefined;
    }
    return weight.subtract(cost.numberTotal ?? LedgerDecimal.ZERO).divide(cost.numberPer);
  }
  if (!price?.number) return weight;
  if (!price.number.isZero) return weight.divide(price.number);
  faults.report(location, 'Cannot infer units from a price of zero');
  return undefined;
}

function computePrice(
  posting: IncompletePosting,
  units: LedgerDecimal,
  weight: LedgerDecimal,
  faults: Faults,
): BookedPosting | undefined {
  if (posting.cost !== undefined) {
    faults.report(posting.location, 'Cannot infer price for postings with units held at cost');
    return completed({ ...posting, price: undefined });
  }
  if (units.isZero) {
    faults.report(posting.location, 'Cannot infer the price of no units');
    return undefined;
  }
  const price = { number: weight.divide(units).abs(), currency: posting.price?.currency ?? MISSING };
  return completed({ ...posting, price }, true);
}

/** The posting in its final form; undefined when a number is missing after all. */
function completed(posting: IncompletePosting, interpolated = false): BookedPosting | undefined {
  const { account, flag, meta } = posting;
  const units = whole(posting.units);
  if (units === undefined) return undefined;
  const cost = posting.cost === undefined ? null : lotCost(posting.cost, units);
  return { account, units, cost, price: whole(posting.price) ?? null, flag, meta, interpolated };
}

function whole(amount: IncompletePosting['units'] | undefined): Units | undefined {
  if (!amount?.number || amount.currency === MISSING) return undefined;
  return { number: amount.number, currency: amount.currency };
}

function lotCost(cost: CostSpec | LotCost, units: Units): LotCost {
  if (cost.kind === 'cost') return cost;
  const { numberPer, numberTotal, currency, date, label } = cost;
  const number = numberTotal ? perUnit(numberPer, numberTotal, units.number.abs()) : numberPer;
  return {
    kind: 'cost',
    number: number ?? LedgerDecimal.ZERO,
    currency: currency ?? '',
    date: date ?? null,
    label: label ?? null,
  };
}

function perUnit(numberPer: LedgerDecimal | null, total: LedgerDecimal, size: LedgerDecimal): LedgerDecimal {
  if (size.isZero) return LedgerDecimal.ZERO;
  const sum = numberPer === MISSING ? total : total.add(numberPer.multiply(size));
  return sum.divide(size);
}

/** Reports lots of no units and negative costs. */
function checked(placedPostings: readonly Placed[], faults: Faults): readonly BookedPosting[] {
  for (const { posting, location } of placedPostings) {
    if (posting.cost === null) continue;
    if (posting.units.number.isZero)
      faults.report(location, `Amount is zero: "${lotText(posting.units, null)}"`);
    if (posting.cost.number.sign < 0) {
      faults.report(
        location,
        `Cost is negative: "${lotText({ number: null, currency: null }, posting.cost).trim()}"`,
      );
    }
  }
  return placedPostings.map(({ posting }) => posting);
}
