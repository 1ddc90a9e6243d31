import { DawsosError, decimalText, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import { QUANTILES } from './daily-volatility';
import { DEFAULT_FRESHNESS } from './freshness';
import type { PricingPack } from './pricing-pack';
import type { Holding, WorthAssessment, WorthPolicy } from './worth';
import { WorthAssessor } from './worth-assessor';

/**
 * How much of a portfolio rests on prices older than allowed, and what that can move its value by. A link (a price, or
 * a rate) that is `a` business days old and stale can have moved the value v by z·σ·√a·|v|: σ its own daily
 * volatility (`dailyVolatility`), √a the square root of time rule, z the two-sided normal quantile. Parts are added as
 * if all moved together, which is never less than any correlation gives.
 */
export function assessWorth(
  pack: PricingPack,
  request: {
    readonly holdings: readonly Holding[];
    readonly baseCurrency: string;
    readonly asked: IsoDate;
    readonly policy?: WorthPolicy;
  },
): WorthAssessment {
  const { holdings, baseCurrency, asked } = request;
  const policy: WorthPolicy = request.policy ?? DEFAULT_FRESHNESS;
  const confidence = policy.confidence ?? '0.99';
  const assessor = new WorthAssessor(pack, baseCurrency, asked, policy, QUANTILES[confidence]);
  const positions = holdings
    .filter(({ units }) => !units.isZero())
    .flatMap((holding) => assessor.position(holding));
  const sum = (values: readonly Decimal[]): Decimal =>
    values.reduce((total, value) => total.plus(value), ZERO);
  const gross = sum(positions.map(({ gross: value }) => value));
  const stale = sum(positions.filter((position) => position.shown.stale).map(({ gross: value }) => value));
  const bounds = positions.map(({ bound }) => bound);
  const unbounded = assessor.missing || bounds.some((bound) => bound === undefined);
  const bound = unbounded ? undefined : sum(bounds.filter((value) => value !== undefined));
  return {
    asked,
    base_currency: baseCurrency,
    gross_value: decimalText(gross, 4),
    stale_value: decimalText(stale, 4),
    stale_share: gross.isZero() ? '0' : decimalText(stale.div(gross), 6),
    confidence,
    bound: bound === undefined ? null : decimalText(bound, 4),
    bound_bp:
      bound === undefined ? null : gross.isZero() ? '0' : decimalText(bound.div(gross).times(10_000), 4),
    valid_until: assessor.validUntil(positions.flatMap((position) => position.shown.links)),
    positions: positions.map(({ shown }) => shown),
    repair: assessor.repair(),
  };
}

/**
 * Refuses what can be further off than allowed.
 * @throws DawsosError `pack_not_fresh` with the repair order, when a price is missing, when no bound can be stated, or
 * when the bound is above `maxBoundBp`
 */
export function requireWorth(
  pack: Pick<PricingPack, 'id'>,
  assessment: WorthAssessment,
  maxBoundBp: Decimal,
): void {
  const { bound_bp: bound, stale_share: share, repair } = assessment;
  if (bound !== null && maxBoundBp.gte(bound)) return;
  const off = bound === null ? 'by an amount that cannot be bounded' : `by ${bound} basis points`;
  const first = repair.needed[0];
  const need = first === undefined ? '' : `; needed: ${first.name} of ${first.date}`;
  throw new DawsosError(
    'pack_not_fresh',
    `${pack.id} can be off ${off} on ${assessment.asked} (allowed: ${maxBoundBp.toFixed()}); ${share} of the value rests on prices that are too old${need}`,
    {
      retryAfterSeconds: 60,
      extensions: { pack_id: pack.id, pack_status: 'stale', bound_bp: bound, repair },
    },
  );
}
