import type { OpenParcel } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../capability';
import { isOwn } from '../financial-analyst/holdings';
import type { Disposal } from '../financial-analyst/lot-book/disposals';
import type { Leg } from '../financial-analyst/lot-book/legs';
import { isDeferred, lotBook, type BookFault, type LotBook } from '../financial-analyst/lot-book/lot-book';

/** The lot book as the tax rules see it: what the portfolio's taxed accounts sold and hold. */
export interface TaxHistory {
  readonly book: LotBook;
  /** One for each history of the units of a posting. */
  readonly disposals: readonly Disposal[];
  readonly open: readonly OpenParcel[];
  readonly faults: readonly BookFault[];
  /** Accounts with lots whose gains are not taxed. */
  readonly deferredAccounts: readonly string[];
}

/**
 * The portfolio's lots up to the as-of date in base currency.
 *
 * The costs of selling lessen the proceeds, those of buying join the basis: IRS Publication 550, "Basis and amount
 * realized", and 551. A foreign amount counts at the rate of its day, the sale's for proceeds and the acquisition's
 * for the basis (IRS, "Foreign currency and currency exchange rates"); what a missing rate leaves untold is null.
 */
export function taxHistory(context: CapabilityContext): TaxHistory {
  const { ledger } = context;
  const portfolio = ledger.portfolio();
  const book = lotBook(context);
  const accountOf = ({ pool }: OpenParcel): string => book.legOf(pool)?.account ?? '';
  const isTaxed = (account: string): boolean => isOwn(portfolio, account) && !isDeferred(account, ledger);
  const accounts = [...book.open.map(accountOf), ...book.disposals.map(({ leg }) => leg.account)];
  const deferred = accounts.filter((account) => isOwn(portfolio, account) && isDeferred(account, ledger));
  return {
    book,
    disposals: merged(book.disposals.filter(({ leg }) => isTaxed(leg.account))),
    open: book.open.filter((parcel) => isTaxed(accountOf(parcel))),
    faults: book.faults.filter((fault) => fault.accounts.some((account) => isOwn(portfolio, account))),
    deferredAccounts: [...new Set(deferred)].sort(),
  };
}

/** Parts of one sale that no wash sale tells apart and that have equal dates stand in one row. */
function merged(disposals: readonly Disposal[]): Disposal[] {
  const rows: Disposal[] = [];
  const plain = new Map<Leg, { readonly key: string; readonly index: number }[]>();
  for (const row of disposals) {
    const key = plainKey(row);
    const known = key === null ? undefined : plain.get(row.leg)?.find((one) => one.key === key);
    const before = known && rows[known.index];
    if (known !== undefined && before !== undefined) {
      rows[known.index] = sumOfTwo(before, row);
      continue;
    }
    if (key !== null) plain.set(row.leg, [...(plain.get(row.leg) ?? []), { key, index: rows.length }]);
    rows.push(row);
  }
  return rows;
}

/** What parts of one leg must share to stand in one row; null where a part stands alone. */
function plainKey({ kind, parcel, replacements, lacks }: Disposal): string | null {
  const isPlain = parcel.carried.isZero() && replacements.length === 0 && lacks.length === 0;
  return isPlain ? JSON.stringify([kind, parcel.acquired, parcel.heldFrom]) : null;
}

function sumOfTwo(one: Disposal, other: Disposal): Disposal {
  const both = (pick: (row: Disposal) => Disposal['gain']): Disposal['gain'] => {
    const [a, b] = [pick(one), pick(other)];
    return a && b && a.plus(b);
  };
  return {
    ...one,
    units: one.units.plus(other.units),
    gross: one.gross.plus(other.gross),
    sellingCosts: both((row) => row.sellingCosts),
    proceeds: both((row) => row.proceeds),
    basis: both((row) => row.basis),
    gain: both((row) => row.gain),
  };
}
