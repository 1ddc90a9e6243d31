import { Decimal, ONE, ZERO } from '@dawsos/contracts';
import type { CurrencySeries } from './daily-valuation';
import { dayBasis, noBasis, periodReturn, type NavDay } from './returns';

/** A currency's values and rates, day by day, with what entered or left it; parallel to the days of the NAV. */
export interface CurrencyBucket extends CurrencySeries {
  /** By index of the day: net flow into the currency, external or from another currency, in the currency itself. */
  readonly flows: ReadonlyMap<number, Decimal>;
}

export interface Effects {
  readonly local: Decimal;
  readonly fx: Decimal;
  readonly interaction: Decimal;
}

export interface CurrencyAttribution extends Effects {
  /** The time-weighted base-currency return that the effects add up to, computed from the NAV alone. */
  readonly baseReturn: Decimal;
  /** baseReturn − (local + fx + interaction): rounding only. */
  readonly residual: Decimal;
  /** The part of `fx` that comes from converting money at other rates than the day's close. */
  readonly conversion: Decimal;
  readonly byCurrency: readonly (Effects & { readonly currency: string })[];
}

/** Of the greatest wealth on the way, from which rounding stems. */
const IDENTITY_TOLERANCE = new Decimal('1e-12');

/**
 * What the time-weighted return in base currency came from: prices in local currency, exchange rates, and
 * both at once.
 *
 * A day. In currency c let L₋₁ and L be the values at the closes (local), X₋₁ and X the rates (base per
 * local), F the net flow into c at the close, and p = L − L₋₁ − F the local profit. Then
 *
 *   L·X − L₋₁·X₋₁ − F·X  =  p·X₋₁  +  L₋₁·(X − X₋₁)  +  p·(X − X₋₁)
 *                            local      fx                interaction
 *
 * so that each is weight × return, with beginning-of-day weights: w·r, w·e, w·r·e (the multi-currency return
 * Σ wᵢ[(1 + rᵢ)(1 + eᵢ) − 1] of the CFA Program's currency-management reading). What a conversion at another
 * rate than the close's wins or loses, Σ F·X − flow, is fx too. Divided by the start of `dayBasis` the day's
 * effects add up to the day's return.
 *
 * Many days. R = Π(1 + rₜ) − 1 = Σ Wₜ₋₁·rₜ with W the wealth index, so each day's effects enter at the wealth
 * of the day before (A. Frongello, "Linking Single Period Attribution Results", Journal of Performance
 * Measurement, 2002): nothing is smoothed, and the sums are exact.
 *
 * @throws DawsosError `no_solution` as `dailyReturns`; RangeError where the currencies do not make up the NAV.
 */
export function attributeCurrency(
  nav: readonly NavDay[],
  buckets: readonly CurrencyBucket[],
): CurrencyAttribution {
  const totals = buckets.map(() => ({ local: ZERO, fx: ZERO, interaction: ZERO }));
  let conversion = ZERO;
  let wealth = ONE;
  let greatest = ONE;
  for (let day = 1; day < nav.length; day++) {
    const scale = dayScale(nav, day, wealth);
    if (scale === undefined) continue;
    buckets.forEach((bucket, index) => {
      const total = totals[index];
      if (total !== undefined) addEffects(total, bucket, day, scale.perUnit);
    });
    conversion = conversion.plus(conversionGain(nav[day], buckets, day).times(scale.perUnit));
    wealth = scale.wealth;
    greatest = Decimal.max(greatest, wealth);
  }
  const sum = (effect: keyof Effects): Decimal =>
    totals.reduce((total, effects) => total.plus(effects[effect]), ZERO);
  const effects = { local: sum('local'), fx: sum('fx').plus(conversion), interaction: sum('interaction') };
  const baseReturn = periodReturn(nav);
  const residual = baseReturn.minus(effects.local).minus(effects.fx).minus(effects.interaction);
  if (residual.abs().greaterThan(IDENTITY_TOLERANCE.times(greatest))) {
    throw new RangeError(`the currencies do not make up the value: ${residual.toFixed()} is not attributed`);
  }
  const byCurrency = buckets.map(({ currency }, index) => ({
    currency,
    ...(totals[index] ?? { local: ZERO, fx: ZERO, interaction: ZERO }),
  }));
  return { ...effects, baseReturn, residual, conversion, byCurrency };
}

/** Wealth before the day for each unit of base currency at work, and wealth after it; undefined on an empty day. */
function dayScale(
  nav: readonly NavDay[],
  day: number,
  wealth: Decimal,
): { perUnit: Decimal; wealth: Decimal } | undefined {
  const [previous, current] = [nav[day - 1], nav[day]];
  if (previous === undefined || current === undefined) return undefined;
  const { start, end } = dayBasis(previous, current);
  if (start.isZero() && end.isZero()) return undefined;
  if (!start.greaterThan(0)) throw noBasis(current.date, start);
  const perUnit = wealth.div(start);
  return { perUnit, wealth: end.times(perUnit) };
}

function addEffects(
  total: { local: Decimal; fx: Decimal; interaction: Decimal },
  { localValues, rates, flows }: CurrencyBucket,
  day: number,
  perUnit: Decimal,
): void {
  const [before, after] = [localValues[day - 1] ?? ZERO, localValues[day] ?? ZERO];
  const [rateBefore, rateAfter] = [rates[day - 1] ?? ZERO, rates[day] ?? ZERO];
  const flow = flows.get(day);
  const change = after === before ? ZERO : after.minus(before);
  const profit = flow === undefined ? change : change.minus(flow);
  if (!profit.isZero()) total.local = total.local.plus(profit.times(rateBefore).times(perUnit));
  if (rateAfter === rateBefore) return;
  const drift = rateAfter.minus(rateBefore).times(perUnit);
  total.fx = total.fx.plus(before.times(drift));
  total.interaction = total.interaction.plus(profit.times(drift));
}

/** Σ F·X − external flow: zero unless money changed currency at a rate of its own. */
function conversionGain(nav: NavDay | undefined, buckets: readonly CurrencyBucket[], day: number): Decimal {
  let gain = nav === undefined ? ZERO : nav.flow.negated();
  for (const { flows, rates } of buckets) {
    const flow = flows.get(day);
    if (flow !== undefined) gain = gain.plus(flow.times(rates[day] ?? ZERO));
  }
  return gain;
}
