import { z } from 'zod';
import type { CapabilityContext } from '../capability';

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
