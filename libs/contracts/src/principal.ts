import { z } from 'zod';

export const SCOPES = ['execute', 'read', 'export', 'admin'] as const;
export const ScopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof ScopeSchema>;

/** The name of a permission that a pattern may ask for, such as `portfolio_read`; rights are the vendors' licences. */
export const PermissionSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be small letters, digits and _, such as portfolio_read' });

/** Who asks. Every run belongs to one principal; `portfolios` is `'*'` or the ids it may see. */
export interface Principal {
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly portfolios: '*' | readonly string[];
  /** The permissions that patterns may ask for (`rights.required`); all where it is absent. */
  readonly permissions?: readonly string[];
}

/** The principal of the embedded default, which listens on loopback only. */
export const LOCAL_PRINCIPAL: Principal = { id: 'local', scopes: SCOPES, portfolios: '*' };

/** The permissions that a pattern asks for and `principal` has not. */
export function missingPermissions(
  principal: Pick<Principal, 'permissions'>,
  required: readonly string[],
): readonly string[] {
  const { permissions } = principal;
  return permissions === undefined ? [] : required.filter((name) => !permissions.includes(name));
}

/** Whether `principal` may see a portfolio. Null is the whole ledger, which takes a principal that may see all of it. */
export function maySeePortfolio(
  principal: Pick<Principal, 'portfolios'>,
  portfolioId: string | null,
): boolean {
  const { portfolios } = principal;
  return portfolios === '*' || (portfolioId !== null && portfolios.includes(portfolioId));
}

/** As far as it decides who may read runs: the owner, and what its key lets it see. */
export type RunReader = Pick<Principal, 'id' | 'portfolios' | 'permissions'>;

/** What of a run decides who may read it. */
export interface RunAccess {
  readonly principalId: string;
  readonly portfolioId: string | null;
  /** Those that its pattern asked for when it was accepted; null where that was not kept: then it takes all. */
  readonly requiredPermissions: readonly string[] | null;
}

/**
 * The one rule for runs: a run is its owner's, by a key that may see its portfolio and do what its pattern asks for.
 * Whatever else is asked of a run (its result, events, trace, export, cancellation) asks this first; what it refuses
 * is as unknown as a run that does not exist. libs/runs has it as a predicate in SQL.
 */
export function mayReadRun(reader: RunReader, run: RunAccess): boolean {
  const { requiredPermissions } = run;
  return (
    reader.id === run.principalId &&
    maySeePortfolio(reader, run.portfolioId) &&
    (requiredPermissions === null
      ? reader.permissions === undefined
      : missingPermissions(reader, requiredPermissions).length === 0)
  );
}
