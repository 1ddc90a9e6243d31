import type { IsoDate } from '@dawsos/contracts';
import type { Custom, Directive, Ledger, Meta, Transaction } from './model';

/**
 * A portfolio: the accounts under the prefixes named by a directive
 * `2022-01-03 custom "portfolio" "growth" Assets:Growth` with metadata `base_currency: CAD` and `name: "…"`.
 * Without such an id (null, or "all"), all of the ledger's assets and liabilities in its first operating currency.
 */
export interface Portfolio {
  readonly id: string | null;
  readonly name: string;
  readonly baseCurrency: string;
  readonly accountPrefixes: readonly string[];
}

/** What kind an account is, by its first component (the ledger's `name_*` options rename those). */
export type AccountKind = 'assets' | 'liabilities' | 'equity' | 'income' | 'expenses';

export interface AccountInfo {
  readonly kind: AccountKind;
  /** Metadata of the account's `open` directive; empty when there is none. */
  readonly meta: Meta;
}

export interface EntriesQuery {
  readonly portfolioId: string | null;
  /** First day, included; the ledger's first when absent. */
  readonly from?: IsoDate;
  /** Last day, included. */
  readonly to: IsoDate;
}

/** A ledger at a commit: immutable, so a process may cache it by `commit`. */
export interface LedgerSnapshot {
  /** Full 40-digit commit hash. */
  readonly commit: string;
  readonly ledger: Ledger;
  /** @throws DawsosError `portfolio_not_found`, which names no other portfolio */
  portfolio(id: string | null): Portfolio;
  /** Those that the ledger declares; where it declares none, the whole ledger as "all". */
  portfolios(): readonly Portfolio[];
  /** The transactions with a posting in the portfolio's accounts, in ledger order, as its boundary shows them. */
  entries(query: EntriesQuery): readonly Directive[];
  /**
   * The entries of the whole ledger up to `to` that move units at a cost, or say by metadata `event` what happened to
   * them: what the history of a lot is made of, whatever accounts it went through. To a portfolio, accounts of others
   * are numbers.
   */
  lotEntries(to: IsoDate, portfolioId: string | null): readonly Transaction[];
  /** Metadata of the `commodity` directive; empty when there is none. */
  commodity(currency: string): Meta;
  account(name: string): AccountInfo;
  /**
   * The `custom "NAME" …` directives of days up to `to`, in ledger order: what was known by then, less what tells of
   * other portfolios.
   */
  customs(name: string, to: IsoDate, portfolioId: string | null): readonly Custom[];
}
