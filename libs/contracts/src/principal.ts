import { z } from 'zod';

export const SCOPES = ['execute', 'read', 'export', 'admin'] as const;
export const ScopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof ScopeSchema>;

/** The name of a right that a pattern may ask for, such as `portfolio_read`. */
export const RightSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be small letters, digits and _, such as portfolio_read' });

/** Who asks. Every run belongs to one principal; `portfolios` is `'*'` or the ids it may see. */
export interface Principal {
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly portfolios: '*' | readonly string[];
  /** Of those that patterns ask for (`rights.required`); all where it is absent. */
  readonly rights?: readonly string[];
}

/** The principal of the embedded default, which listens on loopback only. */
export const LOCAL_PRINCIPAL: Principal = { id: 'local', scopes: SCOPES, portfolios: '*' };

/** The rights that a pattern asks for and `principal` has not. */
export function missingRights(
  principal: Pick<Principal, 'rights'>,
  required: readonly string[],
): readonly string[] {
  const { rights } = principal;
  return rights === undefined ? [] : required.filter((right) => !rights.includes(right));
}

/** Whether `principal` may see a portfolio. Null is the whole ledger, which takes a principal that may see all of it. */
export function maySeePortfolio(
  principal: Pick<Principal, 'portfolios'>,
  portfolioId: string | null,
): boolean {
  const { portfolios } = principal;
  return portfolios === '*' || (portfolioId !== null && portfolios.includes(portfolioId));
}
