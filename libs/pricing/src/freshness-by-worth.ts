import type { IsoDate } from '@dawsos/contracts';
import { DEFAULT_FRESHNESS } from './freshness';
import { PortfolioWorth, type WorthRequest } from './portfolio-worth';
import type { PricingPack } from './pricing-pack';
import type { WorthAssessment, WorthPolicy } from './worth';

/**
 * How much of a portfolio rests on prices older than allowed, and what that can move its value by. A link (a price, or
 * a rate) that is `a` sessions of its calendar old and stale can have moved the value v by z·σ·√a·|v|: σ its own daily
 * volatility (`dailyVolatility`), √a the square root of time rule, z the two-sided normal quantile. Parts are added as
 * if all moved together, which is never less than any correlation gives.
 */
export function assessWorth(
  pack: PricingPack,
  request: Omit<WorthRequest, 'policy'> & { readonly asked: IsoDate; readonly policy?: WorthPolicy },
): WorthAssessment {
  const { asked: day, policy = DEFAULT_FRESHNESS, ...rest } = request;
  return new PortfolioWorth(pack, day, { ...rest, policy }).at({ day });
}
