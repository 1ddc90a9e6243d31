import { Decimal, ONE, ZERO } from '@dawsos/contracts';
import type { CurrencySeries } from './daily-valuation';
import { visitParts, type DayPart, type ReturnSpan } from './linked-returns';
import type { NavDay } from './returns';

/** A currency's values and rates, day by day, with what entered or left it; parallel to the days of the NAV. */
export interface CurrencyBucket extends CurrencySeries {
  /** By index of the day: net flow into the currency, external or from another currency, in the currency itself. */
  readonly flows: ReadonlyMap<number, Decimal>;
  /** By index of a day with a flow: what was held the eve at the day's prices, with the day's income, in the currency. */
  readonly before: ReadonlyMap<number, Decimal>;
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

/** A share of the greatest wealth on the way, from which rounding stems. */
const IDENTITY_TOLERANCE = new Decimal('1e-12');

/**
 * What the time-weighted return of a span in base currency came from: prices in local currency, exchange rates, and
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
 * rate than the close's wins or loses, Σ F·X − flow, is fx too. A day with an external flow has two parts: up to the
 * flow, L₋₁ becomes L_b, what the old units are worth by then, without flows; from the flow on p = L − L_b − F at one
 * rate. Divided by the base of its step the effects add up to the step's return.
 *
 * Many steps. R = Π(1 + rₜ) − 1 = Σ Wₜ₋₁·rₜ with W the wealth index, so each step's effects enter at the wealth
 * before it (A. Frongello, "Linking Single Period Attribution Results", Journal of Performance
 * Measurement, 2002): nothing is smoothed, and the sums are exact.
 *
 * @throws RangeError where the currencies do not make up the NAV.
 */
export function attributeCurrency(
  nav: readonly NavDay[],
  buckets: readonly CurrencyBucket[],
  span: ReturnSpan,
): CurrencyAttribution {
  const totals = buckets.map(() => ({ local: ZERO, fx: ZERO, interaction: ZERO }));
  let conversion = ZERO;
  visitParts(span, (day, part, scale) => {
    buckets.forEach((bucket, index) => {
      const total = totals[index];
      if (total !== undefined) addEffects(total, bucket, { day, part, scale });
    });
    if (part !== 'before') {
      conversion = conversion.plus(conversionGain(nav[day], buckets, day).times(scale));
    }
  });
  const sum = (effect: keyof Effects): Decimal =>
    totals.reduce((total, effects) => total.plus(effects[effect]), ZERO);
  const effects = { local: sum('local'), fx: sum('fx').plus(conversion), interaction: sum('interaction') };
  const baseReturn = span.growth.minus(ONE);
  const residual = baseReturn.minus(effects.local).minus(effects.fx).minus(effects.interaction);
  const greatest = span.steps.reduce((most, { wealth }) => Decimal.max(most, wealth), ONE);
  if (residual.abs().greaterThan(IDENTITY_TOLERANCE.times(greatest))) {
    throw new RangeError(`the currencies do not make up the value: ${residual.toFixed()} is not attributed`);
  }
  const byCurrency = buckets.map(({ currency }, index) => ({
    currency,
    ...(totals[index] ?? { local: ZERO, fx: ZERO, interaction: ZERO }),
  }));
  return { ...effects, baseReturn, residual, conversion, byCurrency };
}

function addEffects(
  total: { local: Decimal; fx: Decimal; interaction: Decimal },
  { localValues, rates, flows, before: atFlows }: CurrencyBucket,
  { day, part, scale }: { readonly day: number; readonly part: DayPart; readonly scale: Decimal },
): void {
  const eve = localValues[day - 1] ?? ZERO;
  const atFlow = part === 'all' ? undefined : atFlows.get(day);
  const from = part === 'after' ? (atFlow ?? eve) : eve;
  const to = part === 'before' ? (atFlow ?? eve) : (localValues[day] ?? ZERO);
  const rateAfter = rates[day] ?? ZERO;
  const rateBefore = part === 'after' ? rateAfter : (rates[day - 1] ?? ZERO);
  const flow = part === 'before' ? undefined : flows.get(day);
  const change = to === from ? ZERO : to.minus(from);
  const profit = flow === undefined ? change : change.minus(flow);
  if (!profit.isZero()) total.local = total.local.plus(profit.times(rateBefore).times(scale));
  if (rateAfter === rateBefore) return;
  const drift = rateAfter.minus(rateBefore).times(scale);
  total.fx = total.fx.plus(from.times(drift));
  total.interaction = total.interaction.plus(profit.times(drift));
}

/** Σ F·X − external flow: zero unless money changed currency at a rate of its own. */
function conversionGain(nav: NavDay | undefined, buckets: readonly CurrencyBucket[], day: number): Decimal {
  let gain = nav?.flow?.negated() ?? ZERO;
  for (const { flows, rates } of buckets) {
    const flow = flows.get(day);
    if (flow !== undefined) gain = gain.plus(flow.times(rates[day] ?? ZERO));
  }
  return gain;
}
