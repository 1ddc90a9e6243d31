import { createFmpClient, FMP_SOURCE } from '../http/fmp-client';
import type { ProviderOptions } from '../http/provider-options';
import { COMMODITY_NAME } from '../commodity-name';
import { readFmpStatements } from './fmp-format';
import type { FundamentalsSource } from './fundamentals-source';

const ENDPOINTS = ['income-statement', 'balance-sheet-statement', 'cash-flow-statement'] as const;
/** Fiscal years: more than a report lists. */
const LIMIT = '40';

/** Financial Modeling Prep's annual statements, `stable/income-statement` and the two beside it. */
export function openFmpStatements(options: ProviderOptions): FundamentalsSource {
  const client = createFmpClient(options);
  return {
    id: FMP_SOURCE,
    annualStatements: async (symbol, signal) => {
      if (!COMMODITY_NAME.test(symbol)) return undefined;
      const query = { symbol, period: 'annual', limit: LIMIT };
      const answers = await Promise.all(
        ENDPOINTS.map(
          async (endpoint) => [endpoint, await client.get(`/stable/${endpoint}`, query, signal)] as const,
        ),
      );
      const years = readFmpStatements(Object.fromEntries(answers), FMP_SOURCE);
      // An unknown symbol has empty lists.
      return years.length === 0 ? undefined : years;
    },
  };
}
