import { Decimal } from '@dawsos/contracts';
import { sumOf, type Leg } from './legs';

/** Lots that leave and the lots that take their place: each of `to` inherits from all of `from`. */
export interface Pair {
  readonly from: readonly Leg[];
  readonly to: readonly Leg[];
}

/** What rounded units and costs may differ by, as a share. */
const TOLERANCE = new Decimal('1e-6');

export const isNear = (one: Decimal, other: Decimal, share = TOLERANCE): boolean =>
  one.minus(other).abs().lessThanOrEqualTo(Decimal.max(one.abs(), other.abs()).times(share));

/**
 * Who inherits from whom where `from` becomes `to` at one ratio of units: lots of the same account, date, label and
 * cost first, then of fewer of these, as far as their units agree; among equals in the order of cost; what is left is
 * inherited by all from all.
 * `costRatio` is the unit cost after over that before.
 */
export function paired(
  from: readonly Leg[],
  to: readonly Leg[],
  ratio: Decimal,
  costRatio: Decimal,
): { readonly pairs: readonly Pair[]; readonly proRata: boolean } {
  const dated = ({ cost }: Leg): string => `${cost.date ?? ''} ${cost.label ?? ''}`;
  const priced = ({ cost }: Leg, by: Decimal): string =>
    cost.number.toDecimal().times(by).toSignificantDigits(5).toFixed();
  const keys: ((leg: Leg, by: Decimal) => string)[] = [
    (leg, by) => `${leg.account} ${dated(leg)} ${priced(leg, by)}`,
    (leg, by) => `${dated(leg)} ${priced(leg, by)}`,
    (leg) => `${leg.account} ${dated(leg)}`,
    dated,
    (leg, by) => `${leg.account} ${priced(leg, by)}`,
    (leg, by) => priced(leg, by),
    (leg) => leg.account,
  ];
  const pairs: Pair[] = [];
  let [leaving, coming] = [from, to];
  for (const key of keys) {
    const groups = new Map<string, { from: Leg[]; to: Leg[] }>();
    const group = (name: string): { from: Leg[]; to: Leg[] } => {
      const known = groups.get(name) ?? { from: [], to: [] };
      groups.set(name, known);
      return known;
    };
    for (const leg of leaving) group(key(leg, costRatio)).from.push(leg);
    for (const leg of coming) group(key(leg, ONE_TO_ONE)).to.push(leg);
    for (const pair of groups.values()) {
      if (pair.from.length === 0 || pair.to.length === 0) continue;
      const before = sumOf(pair.from, ({ units }) => units).times(ratio);
      if (
        !isNear(
          before,
          sumOf(pair.to, ({ units }) => units),
        )
      )
        continue;
      pairs.push(...(byOrderOfCost(pair.from, pair.to, ratio) ?? [pair]));
      leaving = leaving.filter((leg) => !pair.from.includes(leg));
      coming = coming.filter((leg) => !pair.to.includes(leg));
    }
  }
  if (leaving.length === 0 || coming.length === 0) return { pairs, proRata: false };
  const inOrder = byOrderOfCost(leaving, coming, ratio);
  if (inOrder !== null) return { pairs: [...pairs, ...inOrder], proRata: false };
  return { pairs: [...pairs, { from: leaving, to: coming }], proRata: leaving.length > 1 };
}

/** One for one in the order of their unit costs, where units agree so: an event lessens every cost alike. */
function byOrderOfCost(from: readonly Leg[], to: readonly Leg[], ratio: Decimal): Pair[] | null {
  if (from.length !== to.length) return null;
  const byCost = (a: Leg, b: Leg): number => a.cost.number.toDecimal().comparedTo(b.cost.number.toDecimal());
  const [before, after] = [[...from].sort(byCost), [...to].sort(byCost)];
  const pairs = before.flatMap((leg, index): Pair[] => {
    const other = after[index];
    return other !== undefined && isNear(leg.units.times(ratio), other.units)
      ? [{ from: [leg], to: [other] }]
      : [];
  });
  return pairs.length === from.length ? pairs : null;
}

const ONE_TO_ONE = new Decimal(1);
