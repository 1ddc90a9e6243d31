import { addDays, DawsosError, isDawsosError, type Decimal } from '@dawsos/contracts';
import { estimateBeta, type Split } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { decimal } from '../financial-analyst/decimal-fields';
import { transactions } from '../financial-analyst/holdings';
import { splitsOf } from '../financial-analyst/lot-movements';
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
  const { pack, ledger, asofDate } = context;
  pack.requirePrice(factor, asofDate);
  const splits = splitsOf(transactions(ledger.entries({ to: asofDate })));
  const factorPrices = pricesOf(factor, lookbackDays, context);
  return (commodity) => {
    const prices = pricesOf(commodity, lookbackDays, context);
    try {
      const found = estimateBeta(prices, factorPrices, {
        asset: splits.get(commodity) ?? [],
        factor: splits.get(factor) ?? [],
      } satisfies Record<string, readonly Split[]>);
      return { beta: found.beta, observations: found.observations };
    } catch (error) {
      if (!isDawsosError(error) || error.code !== 'insufficient_history') throw error;
      return { beta: null, reason: `beta to ${factor}: ${error.message}` };
    }
  };
}

function pricesOf(commodity: string, lookbackDays: number, { pack, ledger, asofDate }: CapabilityContext) {
  const { baseCurrency } = ledger.portfolio();
  const { prices } = quotation(pack, commodity, addDays(asofDate, -lookbackDays), asofDate, baseCurrency);
  if (prices !== null) return prices;
  throw new DawsosError('price_missing', `the pack has no price of ${commodity}`, {
    extensions: { commodity, date: asofDate },
  });
}
