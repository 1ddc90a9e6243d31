import { z } from 'zod';

export const SCOPES = ['execute', 'read', 'export', 'admin'] as const;
export const ScopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof ScopeSchema>;

/** Who asks. Every run belongs to one principal; `portfolios` is `'*'` or the ids it may see. */
export interface Principal {
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly portfolios: '*' | readonly string[];
}

/** The principal of the embedded default, which listens on loopback only. */
export const LOCAL_PRINCIPAL: Principal = { id: 'local', scopes: SCOPES, portfolios: '*' };

export function maySeePortfolio(principal: Pick<Principal, 'portfolios'>, portfolioId: string): boolean {
  return principal.portfolios === '*' || principal.portfolios.includes(portfolioId);
}
