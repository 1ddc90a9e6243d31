import { addDays, DawsosError, isDawsosError, type Decimal } from '@dawsos/contracts';
import { estimateBeta } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { decimal } from '../financial-analyst/decimal-fields';
import { quotation } from '../financial-analyst/market-history';
import type { FactorShock } from './shock';

/** What a price moves for each 1 that the factor moves, or why that is not known. */
export type FactorBeta =
  | { readonly beta: Decimal; readonly observations: number | null }
  | { readonly beta: null; readonly reason: string };

/**
 * The betas of a factor: those given with the shock, else estimated from the daily prices of the pack, each in its
 * own currency.
 * @throws DawsosError `price_missing` where the pack does not know the factor: no other takes its place.
 */
export function factorBetas(
  { factor, betas }: FactorShock,
  lookbackDays: number,
  context: CapabilityContext,
): (commodity: string) => FactorBeta {
  if (betas !== undefined) {
    return (commodity) => {
      const given = Object.hasOwn(betas, commodity) ? betas[commodity] : undefined;
      return given === undefined
        ? { beta: null, reason: `no beta to ${factor} was given` }
        : { beta: decimal(given), observations: null };
    };
  }
  const factorPrices = pricesOf(factor, lookbackDays, context);
  return (commodity) => {
    const prices = pricesOf(commodity, lookbackDays, context);
    try {
      const found = estimateBeta(prices, factorPrices);
      return { beta: found.beta, observations: found.observations };
    } catch (error) {
      if (!isDawsosError(error) || error.code !== 'insufficient_history') throw error;
      return { beta: null, reason: `beta to ${factor}: ${error.message}` };
    }
  };
}

function pricesOf(commodity: string, lookbackDays: number, context: CapabilityContext) {
  const { asofDate } = context;
  const { prices } = quotation(commodity, addDays(asofDate, -lookbackDays), asofDate, context);
  if (prices !== null) return prices;
  throw new DawsosError('price_missing', `${commodity} is money: it has no price of its own`, {
    extensions: { commodity, date: asofDate },
  });
}
