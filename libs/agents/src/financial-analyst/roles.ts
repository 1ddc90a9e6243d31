import type { Posting, Transaction } from '@dawsos/ledger';
import type { LedgerReader } from '../capability';
import { isOwn, metaText, namedCommodity } from './holdings';
import { inheritedText } from './inherited-meta';
import {
  isInvestmentRole,
  isNamedRole,
  type NamedRole,
  type OutsidePosting,
  type Role,
  type RoleSource,
} from './role';
import { expenseRoleByName, incomeRoleByName } from './role-names';
import { provenResults } from './sale-results';

/** What each posting of an entry outside the portfolio is, in the entry's order. */
export type RolesOf = (transaction: Transaction) => readonly OutsidePosting[];

/**
 * The roles of the entries of `history`, each found once. `history` also tells which commodities are held at a
 * cost, so that an account `Income:Broker:ABC` is known to name one.
 */
export function createRoles(ledger: LedgerReader, history: readonly Transaction[]): RolesOf {
  const known = new WeakMap<Transaction, readonly OutsidePosting[]>();
  const held = new Set(
    history.flatMap(({ postings }) => postings.filter(hasCost).map(({ units }) => units.currency)),
  );
  return (transaction) => {
    const roles = known.get(transaction) ?? rolesOf(transaction, ledger, held);
    known.set(transaction, roles);
    return roles;
  };
}

/**
 * What each posting of an entry outside the portfolio is. Of income and expenses, the first that tells:
 *
 * 1. metadata `role` of the posting;
 * 2. metadata `role` of its account's `open` directive, or of the nearest account above it;
 * 3. proof: the amount is cost − price × units of what is sold, so it is the sale's `result`;
 * 4. the whole words of the account's name (role-names.ts); and income that names a commodity of `held`, by
 *    metadata or by the last component of its account, in an entry that moves none of it: a dividend;
 * 5. proof: the one posting that nothing told, beside units sold for money or a short position closed: the `result`;
 * 6. proof: whatever an entry with metadata `event` books beside units and money: its `result`;
 * 7. proof: expenses that nothing told in an entry that does nothing but trade for money: its `trading_cost`.
 *
 * Else `unclassified`. Metadata `flow: "external"` or `"internal"` of the posting, its account or an account above
 * it decides whether it counts as a flow, whatever its role and kind.
 */
export function rolesOf(
  transaction: Transaction,
  ledger: LedgerReader,
  held: ReadonlySet<string>,
): readonly OutsidePosting[] {
  const portfolio = ledger.portfolio();
  const isIncome = ({ account }: Posting): boolean => ledger.account(account).kind === 'income';
  const isExpense = ({ account }: Posting): boolean => ledger.account(account).kind === 'expenses';
  const outside = transaction.postings.filter(({ account }) => !isOwn(portfolio, account));
  const ranked = outside.filter((posting) => isIncome(posting) || isExpense(posting));
  const found = new Map<Posting, { readonly role: Role; readonly by: RoleSource }>();
  const note = (posting: Posting, role: Role | null, by: RoleSource): void => {
    if (role !== null && !found.has(posting)) found.set(posting, { role, by });
  };
  const unknown = (): Posting[] => ranked.filter((posting) => !found.has(posting));
  const isTold = (is: (role: Role) => boolean): boolean => [...found.values()].some(({ role }) => is(role));

  for (const posting of ranked) {
    note(posting, roleText(metaText(posting.meta, 'role')), 'posting');
    note(posting, roleText(inheritedText(posting.account, 'role', ledger)), 'account');
  }
  const moved = movedIn(transaction, ledger);
  const noteOnlyOne = ([only, another]: readonly Posting[]): void => {
    if (only === undefined || another !== undefined) return;
    if (!moved.sale && !(moved.closes && isIncome(only))) return;
    if (!isTold((role) => role === 'result')) note(only, 'result', 'proof');
  };
  const incomeName = (posting: Posting): NamedRole | null =>
    incomeRoleByName(posting.account, moved, posting.units.number.toDecimal().isPositive()) ??
    (namesHeld(posting, transaction, held) && !moved.costed && !transaction.meta.has('event')
      ? 'dividend'
      : null);
  const expenseName = (posting: Posting): NamedRole | null =>
    expenseRoleByName(posting.account, {
      ...moved,
      investmentIncome: isTold((role) => role === 'dividend' || role === 'interest'),
      pay: isTold((role) => role === 'compensation') || unknown().some(isIncome),
      namesHeld: namesHeld(posting, transaction, held),
    });
  const nameOf = (posting: Posting): NamedRole | null =>
    isIncome(posting) ? incomeName(posting) : expenseName(posting);

  const isResultByName = (posting: Posting): boolean => [null, 'result'].includes(nameOf(posting));
  for (const posting of provenResults(transaction, unknown(), isResultByName))
    note(posting, 'result', 'proof');
  // Income first: what an expense's name means depends on what the income is.
  for (const posting of unknown().filter(isIncome)) note(posting, incomeName(posting), 'name');
  noteOnlyOne(unknown().filter(isIncome));
  for (const posting of unknown().filter(isExpense)) note(posting, expenseName(posting), 'name');
  noteOnlyOne(unknown());
  // What an event is booked against is what was won or lost by it.
  if (transaction.meta.has('event')) for (const posting of unknown()) note(posting, 'result', 'proof');
  if (moved.onlyTrade && !unknown().some(isIncome)) {
    for (const posting of unknown()) note(posting, 'trading_cost', 'proof');
  }

  return outside.map((posting): OutsidePosting => {
    const { kind } = ledger.account(posting.account);
    const { role, by } = found.get(posting) ?? {
      role: kind === 'income' || kind === 'expenses' ? 'unclassified' : null,
      by: 'none',
    };
    const flow = metaText(posting.meta, 'flow') ?? inheritedText(posting.account, 'flow', ledger);
    const isFlow = flow === 'external' || (flow !== 'internal' && !isInvestmentRole(role));
    return { posting, kind, role, by, isFlow };
  });
}

const hasCost = ({ cost }: Posting): boolean => cost !== null;

/** A role that is none of those there are tells nothing, and stands as unclassified where it was written. */
const roleText = (text: string | null): Role | null =>
  text === null ? null : isNamedRole(text) ? text : 'unclassified';

function namesHeld(posting: Posting, transaction: Transaction, held: ReadonlySet<string>): boolean {
  const named = [
    namedCommodity(posting.meta),
    namedCommodity(transaction.meta),
    posting.account.split(':').at(-1) ?? null,
  ];
  return named.some((commodity) => commodity !== null && held.has(commodity));
}

/** What the entry moves, as far as names depend on it. */
interface Moved {
  /** Units with a cost move. */
  readonly costed: boolean;
  /** Units change hands: at a price, or with a cost for money or against income. */
  readonly trade: boolean;
  /** Units with a cost come in. */
  readonly purchase: boolean;
  /** Units with a cost leave, none come, and money comes in. */
  readonly sale: boolean;
  /** Units leave alone, or come at a cost of an earlier day for money, as where a short position is closed. */
  readonly closes: boolean;
  /** Units with a cost move against money, income and expenses, and nothing else. */
  readonly onlyTrade: boolean;
  /** A liability outside the portfolio is paid or drawn. */
  readonly outsideLoan: boolean;
}

function movedIn({ date, postings }: Transaction, ledger: LedgerReader): Moved {
  const portfolio = ledger.portfolio();
  const costed = postings.filter(hasCost);
  const comes = costed.filter(({ units }) => units.number.toDecimal().isPositive());
  // Units sold short have their cost of the day that the entry has: nothing is won on them yet.
  const leaves = costed.filter((posting) => !comes.includes(posting) && posting.cost?.date !== date);
  const money = postings.filter(
    ({ account, cost }) => cost === null && ['assets', 'liabilities'].includes(ledger.account(account).kind),
  );
  const hasEquity = postings.some(({ account }) => ledger.account(account).kind === 'equity');
  const isPositive = ({ units }: Posting): boolean => units.number.toDecimal().isPositive();
  return {
    costed: costed.length > 0,
    trade:
      postings.some(({ price }) => price !== null) ||
      (costed.length > 0 &&
        (money.length > 0 || postings.some(({ account }) => ledger.account(account).kind === 'income'))),
    purchase: comes.length > 0,
    sale: comes.length === 0 && leaves.length > 0 && money.some(isPositive),
    closes:
      (comes.length === 0 && leaves.length > 0 && !hasEquity) ||
      (comes.length === costed.length &&
        comes.length > 0 &&
        comes.every((posting) => posting.cost?.date !== date) &&
        money.some((posting) => !isPositive(posting))),
    onlyTrade: costed.length > 0 && money.length > 0 && !hasEquity,
    outsideLoan: postings.some(
      ({ account }) => ledger.account(account).kind === 'liabilities' && !isOwn(portfolio, account),
    ),
  };
}
