import { DawsosError, ONE, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import type { Dated } from './dated';

export interface Drawdown {
  /** trough / peak − 1: zero or negative. */
  readonly depth: Decimal;
  /** Null where the index never fell below an earlier value. */
  readonly peakDate: IsoDate | null;
  readonly troughDate: IsoDate | null;
  /** The first day at or above the peak again; null where that has not happened. */
  readonly recoveryDate: IsoDate | null;
}

/**
 * The deepest fall from a running peak (Magdon-Ismail and Atiya, "Maximum Drawdown", Risk, 2004), the earliest
 * where several are as deep. It is measured on a wealth index, never on the value, which flows move.
 *
 * @throws DawsosError `insufficient_history` for an empty index.
 */
export function maximumDrawdown(index: readonly Dated[]): Drawdown {
  const [first] = index;
  if (first === undefined) throw new DawsosError('insufficient_history', 'a drawdown needs a value');
  let peak = first;
  let depth = ZERO;
  let deepest: { peak: Dated; trough: Dated } | undefined;
  // What a value must be under to be the deepest fall from this peak: spares a division a day.
  let mark = peak.number;
  for (const point of index) {
    if (point.number.greaterThanOrEqualTo(peak.number)) {
      peak = point;
      mark = peak.number.times(depth.plus(ONE));
    } else if (point.number.lessThan(mark)) {
      depth = point.number.div(peak.number).minus(ONE);
      mark = point.number;
      deepest = { peak, trough: point };
    }
  }
  if (deepest === undefined) return { depth, peakDate: null, troughDate: null, recoveryDate: null };
  const { peak: top, trough } = deepest;
  const recovery = index.find(
    ({ date, number }) => date > trough.date && number.greaterThanOrEqualTo(top.number),
  );
  return {
    depth,
    peakDate: top.date,
    troughDate: trough.date,
    recoveryDate: recovery?.date ?? null,
  };
}
