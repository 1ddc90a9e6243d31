import { ZERO, type Decimal } from '@dawsos/contracts';
import type { Posting, Transaction } from '@dawsos/ledger';
import type { LedgerReader } from '../capability';
import { isOwn, namedCommodity } from './holdings';
import type { OutsidePosting } from './role';
import { createRoles } from './roles';

/** A share of one posting of income, tax withheld or fee. */
export interface IncomePart {
  readonly transaction: Transaction;
  readonly posting: Posting;
  readonly kind: 'gross' | 'withheld' | 'fee';
  /** What it was paid on; null where nothing tells. */
  readonly commodity: string | null;
  /** How that is known: named, the one commodity that paid or moved in its entry, or a share by what each paid. */
  readonly by: 'name' | 'one payer' | 'one lot' | 'gross' | 'none';
  readonly currency: string;
  /** Positive for income received, and for what was taken of it. */
  readonly amount: Decimal;
}

const INCOME: ReadonlySet<string | null> = new Set(['dividend', 'interest', 'accrued_interest']);
const TAKEN = { tax_withheld: 'withheld', fee: 'fee' } as const;

/**
 * The income of a portfolio's entries, what was withheld of it and the fees on it, by the commodity that paid.
 *
 * Income belongs to the commodity that its posting names by metadata, else its entry, else its account's last
 * component; else to the one commodity at cost in its entry (accrued interest of a bond, a reinvested dividend), unless
 * that is a fund of constant price, which may be a sweep. Tax and fees belong to what they name in that way; else to
 * the one payer of their entry, else to each by what it paid. Tax in an entry of its own and in another currency
 * counts, in the currency that it cost. A result in an entry that moves no lot is a distribution.
 */
export function incomeParts(history: readonly Transaction[], ledger: LedgerReader): IncomePart[] {
  const roles = createRoles(ledger, history);
  const held = heldCommodities(history, ledger);
  return history.flatMap((transaction) => entryParts(transaction, roles(transaction), held));
}

/** What the portfolio ever held: what income may name. */
function heldCommodities(history: readonly Transaction[], ledger: LedgerReader): ReadonlySet<string> {
  const portfolio = ledger.portfolio();
  return new Set(
    history.flatMap(({ postings }) =>
      postings.filter(({ account }) => isOwn(portfolio, account)).map(({ units }) => units.currency),
    ),
  );
}

function entryParts(
  transaction: Transaction,
  roles: readonly OutsidePosting[],
  held: ReadonlySet<string>,
): IncomePart[] {
  const inReturn = roles.filter(({ isFlow }) => !isFlow);
  const isEvent = transaction.meta.has('event');
  const movesLots = transaction.postings.some(({ cost }) => cost !== null);
  const gross = inReturn
    .filter(({ role }) => INCOME.has(role) || (role === 'result' && !movesLots && !isEvent))
    .map(({ posting }) => grossPart(transaction, posting, held));
  const taken = inReturn.flatMap(({ posting, role }) =>
    role === 'tax_withheld' || role === 'fee'
      ? takenParts(transaction, posting, TAKEN[role], gross, held)
      : [],
  );
  return [...gross, ...taken];
}

function grossPart(transaction: Transaction, posting: Posting, held: ReadonlySet<string>): IncomePart {
  const named = nameOf(posting, transaction, held);
  const lot = named === null ? oneLot(transaction) : null;
  return {
    transaction,
    posting,
    kind: 'gross',
    commodity: named ?? lot,
    by: named !== null ? 'name' : lot !== null ? 'one lot' : 'none',
    ...paid(posting, -1),
  };
}

function takenParts(
  transaction: Transaction,
  posting: Posting,
  kind: 'withheld' | 'fee',
  gross: readonly IncomePart[],
  held: ReadonlySet<string>,
): IncomePart[] {
  const { currency, amount } = paid(posting, 1);
  const part = { transaction, posting, kind, currency };
  const named = nameOf(posting, transaction, held);
  if (named !== null) return [{ ...part, commodity: named, by: 'name', amount }];
  const payers = new Map<string, Decimal>();
  for (const { commodity, amount: one } of gross) {
    if (commodity !== null) payers.set(commodity, (payers.get(commodity) ?? ZERO).plus(one));
  }
  const total = [...payers.values()].reduce((sum, one) => sum.plus(one), ZERO);
  const isOfAll = gross.every(({ commodity }) => commodity !== null);
  if (payers.size === 0 || !isOfAll || total.isZero())
    return [{ ...part, commodity: null, by: 'none', amount }];
  const by = payers.size === 1 ? 'one payer' : 'gross';
  let left = amount;
  return [...payers].map(([commodity, one], index) => {
    const share = index === payers.size - 1 ? left : amount.times(one).div(total);
    left = left.minus(share);
    return { ...part, commodity, by, amount: share };
  });
}

/** The commodity that a posting, its entry or its account names. */
function nameOf(
  { meta, account }: Posting,
  transaction: Transaction,
  held: ReadonlySet<string>,
): string | null {
  const leaf = account.split(':').at(-1) ?? '';
  return namedCommodity(meta) ?? namedCommodity(transaction.meta) ?? (held.has(leaf) ? leaf : null);
}

/** The one commodity at cost that an entry moves; not one at a cost of 1, which may hold what others paid. */
function oneLot({ postings }: Transaction): string | null {
  const costed = postings.filter(({ cost }) => cost !== null);
  const [commodity, another] = new Set(costed.map(({ units }) => units.currency));
  if (commodity === undefined || another !== undefined) return null;
  return costed.some(({ cost }) => cost?.number.toDecimal().equals(1)) ? null : commodity;
}

/** What a posting counts for, in the currency that it cost. */
function paid({ units, price }: Posting, sign: 1 | -1): { currency: string; amount: Decimal } {
  const number = units.number.toDecimal().times(sign);
  return price === null
    ? { currency: units.currency, amount: number }
    : { currency: price.currency, amount: number.times(price.number.toDecimal()) };
}
