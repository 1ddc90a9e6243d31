export type { PricePoint, PricingPack, RatePoint } from './pricing-pack';
