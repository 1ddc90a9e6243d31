import { ONE, ZERO, type Decimal } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import { divided, type OpenParcel } from '@dawsos/portfolio-math';
import { isLack } from './base-rates';
import type { BookState } from './book-state';
import { returnCapital, withoutBasis } from './capital-returns';
import type { Carried } from './changes';
import { disposal, type OpenDisposal } from './disposals';
import { costOf, sumOf, type Leg } from './legs';
import { paired } from './pairing';

export interface CarryOutcome {
  readonly disposals: readonly OpenDisposal[];
  /** Lots inherited by all from all, since neither dates nor costs tell which from which. */
  readonly proRata: boolean;
}

/** Lets the history of what leaves go on in what comes. */
export function carryOver(change: Carried, transaction: Transaction, state: BookState): CarryOutcome {
  if (change.from.length === 0) return splitAdded(change, transaction, state);
  const taken = new Map(change.from.map((leg) => [leg, state.pools.take(leg.pool, leg.units)]));
  const disposals = change.inLieu === null ? [] : paidOut(change, change.inLieu, taken, transaction, state);
  const groups = [...new Set(change.to.map(({ commodity }) => commodity))];
  const costAfter = sumOf(change.to, costOf);
  let proRata = false;
  let placed: OpenParcel[] = [];
  for (const commodity of groups) {
    const to = change.to.filter((leg) => leg.commodity === commodity);
    const outcome = inherit(
      change,
      to,
      taken,
      shareOfBasis(to, change, groups, costAfter),
      transaction,
      state,
    );
    proRata ||= outcome.proRata;
    placed.push(...outcome.parcels);
  }
  if (!change.added.isZero()) placed = addToBasis(placed, change, transaction, state);
  if (!change.returned.isZero()) {
    const outcome = returnCapital(placed, change, transaction, state);
    placed = outcome.parcels;
    disposals.push(...outcome.disposals);
  }
  for (const parcel of placed) state.pools.put(parcel);
  return { disposals, proRata };
}

/** The lots of one commodity take a part of the basis, in proportion to the costs that are booked. */
function shareOfBasis(
  to: readonly Leg[],
  { from }: Carried,
  groups: readonly string[],
  costAfter: Decimal,
): Decimal {
  if (groups.length === 1) return ONE;
  if (!costAfter.isZero()) return sumOf(to, costOf).div(costAfter);
  // Nothing has a cost: all stays with what comes back, or else with the first.
  const stays = groups.find((name) => from.some(({ commodity }) => commodity === name)) ?? groups[0];
  return to[0]?.commodity === stays ? ONE : ZERO;
}

type Taken = ReadonlyMap<Leg, readonly OpenParcel[]>;

function inherit(
  change: Carried,
  to: readonly Leg[],
  taken: Taken,
  basisShare: Decimal,
  transaction: Transaction,
  { splits, identityOf }: BookState,
): { readonly parcels: OpenParcel[]; readonly proRata: boolean } {
  const [target] = to;
  if (target === undefined) return { parcels: [], proRata: false };
  const before = sumOf(change.from, ({ units }) => units);
  const ratio = sumOf(to, ({ units }) => units).div(before);
  const costBefore = sumOf(change.from, costOf);
  const costRatio = costBefore.isZero() ? ONE : sumOf(to, costOf).div(costBefore).div(ratio);
  const isSplit = change.kind === 'split';
  const whole = isSplit && change.inLieu !== null ? ratio.div(ONE.minus(change.inLieu.share)) : ratio;
  const epochAfter = isSplit
    ? splits.book(target.commodity, whole, transaction.date)
    : splits.epoch(target.commodity);
  const { pairs, proRata } = paired(change.from, to, ratio, costRatio);
  const parcels = pairs.flatMap((pair) => {
    const sources = pair.from.flatMap((leg) => [...(taken.get(leg) ?? [])]);
    const unitsBefore = sumOf(sources, ({ units }) => units);
    const unitsAfter = sumOf(pair.to, ({ units }) => units);
    return pair.to.flatMap((leg) => {
      const share = pair.to.length === 1 ? ONE : leg.units.div(unitsAfter);
      let left = leg.units;
      return sources.map((parcel, index): OpenParcel => {
        const exact = leg.units.times(parcel.units).div(unitsBefore);
        const units = index === sources.length - 1 ? left : exact;
        left = left.minus(units);
        const part = basisShare.times(share);
        const isSame = leg.commodity === parcel.commodity;
        return {
          ...parcel,
          pool: leg.pool,
          commodity: leg.commodity,
          identity: identityOf(leg.commodity),
          heldFrom: change.kind === 'exercise' ? transaction.date : parcel.heldFrom,
          acquired: change.kind === 'exercise' ? transaction.date : parcel.acquired,
          epoch: isSplit || !isSame ? epochAfter : parcel.epoch,
          units,
          basis: parcel.basis && parcel.basis.times(part),
          costs: parcel.costs.times(part),
          carried: parcel.carried.times(part),
          // What an exercise brings was bought; what a spin-off brings was not.
          purchased: change.kind === 'exercise' ? transaction.date : isSame ? parcel.purchased : null,
          replaces: parcel.replaces && isSame,
        };
      });
    });
  });
  return { parcels, proRata };
}

/** Sells the fraction of every parcel that was paid out in money; the rest stays in `taken`. */
function paidOut(
  { from, to, currency }: Carried,
  { proceeds, share, units }: NonNullable<Carried['inLieu']>,
  taken: Map<Leg, OpenParcel[]>,
  transaction: Transaction,
  { inBase, splits }: BookState,
): OpenDisposal[] {
  const all = [...taken.values()].flat();
  const total = sumOf(all, (parcel) => parcel.units);
  const target = to.find(({ commodity }) => !from.some((leg) => leg.commodity === commodity)) ?? to[0];
  if (target === undefined || total.isZero()) return [];
  const disposals: OpenDisposal[] = [];
  for (const [leg, parcels] of taken) {
    const kept: OpenParcel[] = [];
    for (const parcel of parcels) {
      const [out, rest] = divided(parcel, parcel.units.times(share));
      if (rest !== undefined) kept.push(rest);
      const part = parcel.units.div(total);
      const gone = out ?? { ...parcel, units: ZERO, basis: ZERO, costs: ZERO, carried: ZERO };
      disposals.push(
        disposal({
          kind: 'cash_in_lieu',
          transaction,
          leg: target,
          parcel: { ...gone, epoch: splits.epoch(gone.commodity) },
          units: units.times(part),
          gross: proceeds.times(part),
          currency,
          proceeds: inBase(proceeds.times(part), currency, transaction.date),
          sellingCosts: ZERO,
          basis: gone.basis && gone.basis.plus(gone.carried),
        }),
      );
    }
    taken.set(leg, kept);
  }
  return disposals;
}

/** Money paid, or income kept in the lots, joins the basis by units at the rate of the day. */
function addToBasis(
  parcels: readonly OpenParcel[],
  { added, currency, from }: Carried,
  transaction: Transaction,
  { inBase }: BookState,
): OpenParcel[] {
  const gone = new Set(from.map(({ commodity }) => commodity));
  const others = parcels.filter(({ commodity }) => !gone.has(commodity));
  const targets = others.length > 0 ? others : parcels;
  const total = sumOf(targets, ({ units }) => units);
  const base = inBase(added, currency, transaction.date);
  return parcels.map((parcel) => {
    if (!targets.includes(parcel)) return parcel;
    if (isLack(base)) return withoutBasis(parcel, base);
    const part = targets.length === 1 ? base : base.times(parcel.units).div(total);
    return { ...parcel, basis: parcel.basis && parcel.basis.plus(part) };
  });
}

/** A split that is booked by its new units alone: every parcel of the account gives them their part of its history. */
function splitAdded({ to }: Carried, { date }: Transaction, state: BookState): CarryOutcome {
  const { pools, splits, inventory } = state;
  for (const leg of to) {
    const held = pools
      .open()
      .filter(
        ({ commodity, pool }) =>
          commodity === leg.commodity && pool !== leg.pool && inventory.legOf(pool)?.account === leg.account,
      );
    const before = sumOf(held, ({ units }) => units);
    if (before.isZero()) continue;
    const after = before.plus(leg.units);
    const epoch = splits.book(leg.commodity, after.div(before), date);
    for (const parcel of held) {
      const [stays, goes] = [before.div(after), leg.units.div(after)];
      const part = (share: Decimal): Pick<OpenParcel, 'basis' | 'costs' | 'carried' | 'epoch'> => ({
        basis: parcel.basis && parcel.basis.times(share),
        costs: parcel.costs.times(share),
        carried: parcel.carried.times(share),
        epoch,
      });
      pools.replace(parcel, [{ ...parcel, ...part(stays) }]);
      const units = leg.units.times(parcel.units).div(before);
      pools.put({ ...parcel, ...part(goes), pool: leg.pool, units });
    }
  }
  return { disposals: [], proRata: false };
}
