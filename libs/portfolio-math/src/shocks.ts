import { ONE, ZERO, type Decimal } from '@dawsos/contracts';

/** A holding's value in its own currency and the rate to base currency. */
export interface ShockedHolding {
  readonly localValue: Decimal;
  readonly rate: Decimal;
  /** Fractions by which the price changes, one after the other; none leaves it. */
  readonly priceChanges: readonly Decimal[];
  /** Fractions by which the rate changes. */
  readonly rateChanges: readonly Decimal[];
}

/** In base currency; the three effects add up to `change`. */
export interface ShockEffect {
  readonly before: Decimal;
  readonly after: Decimal;
  readonly change: Decimal;
  readonly priceEffect: Decimal;
  readonly fxEffect: Decimal;
  readonly interaction: Decimal;
  readonly priceChange: Decimal;
  readonly rateChange: Decimal;
}

/**
 * Full revaluation of a holding under shocks: local value × Π(1 + price change) × rate × Π(1 + rate change). With
 * p and x the combined changes and V the value before, V·p is the price's effect, V·x the rate's and V·p·x that of
 * both together. A price does not fall below 0.
 *
 * Source: the return in base currency is (1 + p)(1 + x) − 1 (CFA Program, currency management).
 */
export function shockHolding({ localValue, rate, priceChanges, rateChanges }: ShockedHolding): ShockEffect {
  const before = localValue.times(rate);
  const priceChange = combined(priceChanges);
  const rateChange = combined(rateChanges);
  const priceEffect = before.times(priceChange);
  const fxEffect = before.times(rateChange);
  const interaction = priceEffect.times(rateChange);
  const change = priceEffect.plus(fxEffect).plus(interaction);
  return {
    before,
    after: before.plus(change),
    change,
    priceEffect,
    fxEffect,
    interaction,
    priceChange,
    rateChange,
  };
}

function combined(changes: readonly Decimal[]): Decimal {
  const factor = changes.reduce((product, change) => {
    const one = ONE.plus(change);
    return product.times(one.isNegative() ? ZERO : one);
  }, ONE);
  return factor.minus(ONE);
}
