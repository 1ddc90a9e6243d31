import { Decimal, ZERO } from '@dawsos/contracts';

/**
 * Rounds each part up or down so that they add up to `total`, which is rounded already: the parts with the largest
 * remainder go up, of equal ones the first (Hare's method). A part may differ from its own rounding by one in the
 * last place. Where the exact parts are further from the total than rounding explains, each is rounded by itself.
 */
export function roundedToTotal(
  parts: readonly Decimal[],
  total: Decimal,
  places: number,
): readonly Decimal[] {
  const step = new Decimal(10).pow(-places);
  const floors = parts.map((part) => part.toDecimalPlaces(places, Decimal.ROUND_FLOOR));
  const floorSum = floors.reduce((sum, floor) => sum.plus(floor), ZERO);
  const missing = total.minus(floorSum).div(step).toNumber();
  if (!Number.isInteger(missing) || missing < 0 || missing > parts.length)
    return parts.map((part) => part.toDecimalPlaces(places, Decimal.ROUND_HALF_UP));
  const order = parts
    .map((part, index) => ({ index, remainder: part.minus(floors[index] ?? part) }))
    .sort((a, b) => b.remainder.comparedTo(a.remainder) || a.index - b.index);
  const raised = new Set(order.slice(0, missing).map(({ index }) => index));
  return floors.map((floor, index) => (raised.has(index) ? floor.plus(step) : floor));
}
