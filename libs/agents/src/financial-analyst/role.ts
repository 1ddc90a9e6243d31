import type { AccountKind, Posting } from '@dawsos/ledger';

/** What a posting to income or expenses is to a portfolio: these are part of its return, never a flow. */
export const INVESTMENT_ROLES = [
  'dividend',
  'interest',
  'accrued_interest',
  'result',
  'trading_cost',
  'fee',
  'tax_withheld',
] as const;
export type InvestmentRole = (typeof INVESTMENT_ROLES)[number];

/** These move money into the portfolio or out of it. */
export const FLOW_ROLES = ['compensation', 'contribution', 'spending'] as const;
export type FlowRole = (typeof FLOW_ROLES)[number];

export type NamedRole = InvestmentRole | FlowRole;
/** `unclassified` counts as a flow and is named by a gap: nothing tells what it is. */
export type Role = NamedRole | 'unclassified';

/**
 * How a role was found: metadata `role` of the posting; that of the account's `open` directive or of an account
 * above it; arithmetic, where an amount can be nothing but a sale's result; the words of the account's name; or
 * not at all.
 */
export type RoleSource = 'posting' | 'account' | 'proof' | 'name' | 'none';

/** A posting outside the portfolio's accounts. */
export interface OutsidePosting {
  readonly posting: Posting;
  readonly kind: AccountKind;
  /** Null for equity, assets and liabilities, which have no role: what goes there is a flow. */
  readonly role: Role | null;
  readonly by: RoleSource;
  /** Whether it moves value into the portfolio or out of it; else it is part of the return. */
  readonly isFlow: boolean;
}

const NAMED: ReadonlySet<string> = new Set([...INVESTMENT_ROLES, ...FLOW_ROLES]);
const INVESTMENT: ReadonlySet<string> = new Set(INVESTMENT_ROLES);

export const isNamedRole = (text: string): text is NamedRole => NAMED.has(text);

export const isInvestmentRole = (role: Role | null): role is InvestmentRole =>
  role !== null && INVESTMENT.has(role);
