import { z } from 'zod';
import type { Capability, CapabilityContext } from '../capability';

export const BaseCurrencyField = z
  .string()
  .regex(/^[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]$/, {
    error: 'must be a currency as the ledger writes it, such as CAD',
  })
  .nullish()
  .describe("What figures are in; the portfolio's own currency by default.");

/** The context of a run whose figures are asked for in another currency than the portfolio's. */
export function reportedIn(
  context: CapabilityContext,
  baseCurrency: string | null | undefined,
): CapabilityContext {
  if (baseCurrency === null || baseCurrency === undefined) return context;
  const { ledger } = context;
  return {
    ...context,
    ledger: { ...ledger, portfolio: () => ({ ...ledger.portfolio(), baseCurrency }) },
  };
}

/** The capability with an argument `base_currency`, which its figures are in instead of the portfolio's currency. */
export function reportable(capability: Capability): Capability {
  const { args } = capability;
  if (!(args instanceof z.ZodObject)) throw new TypeError(`${capability.name} takes no object of arguments`);
  return {
    ...capability,
    args: args.extend({ base_currency: BaseCurrencyField }),
    run: (given, context) => {
      const { base_currency, ...rest } = given as { readonly base_currency?: string | null };
      return capability.run(rest, reportedIn(context, base_currency));
    },
  };
}
