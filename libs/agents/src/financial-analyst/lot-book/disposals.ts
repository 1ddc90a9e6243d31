import type { Decimal } from '@dawsos/contracts';
import type { Transaction } from '@dawsos/ledger';
import { holdingTerm, type Lack, type OpenParcel, type Replacement, type Term } from '@dawsos/portfolio-math';
import { ZERO } from '@dawsos/contracts';
import type { Leg } from './legs';

export type DisposalKind = 'sale' | 'cover' | 'cash_in_lieu' | 'return_of_capital';

/** Units of one history that were disposed of: a line of a tax report. Amounts in base currency are null where `lacks` says why. */
export interface Disposal {
  readonly kind: DisposalKind;
  readonly transaction: Transaction;
  readonly leg: Leg;
  readonly commodity: string;
  readonly units: Decimal;
  readonly parcel: OpenParcel;
  /** Before costs, in `currency`. */
  readonly gross: Decimal;
  readonly currency: string;
  readonly sellingCosts: Decimal | null;
  /** After selling costs. */
  readonly proceeds: Decimal | null;
  /** What wash sales added included. */
  readonly basis: Decimal | null;
  readonly gain: Decimal | null;
  readonly term: Term | null;
  readonly lacks: readonly Lack[];
  readonly replacements: readonly Replacement[];
}

export const disallowedOf = ({ replacements }: Disposal): Decimal =>
  replacements.reduce((sum, { disallowed }) => sum.plus(disallowed), ZERO);

/** A disposal to which wash sales may still add replacements. */
export interface OpenDisposal extends Disposal {
  readonly replacements: Replacement[];
}

export interface DisposalOf {
  readonly kind: DisposalKind;
  readonly transaction: Transaction;
  readonly leg: Leg;
  readonly parcel: OpenParcel;
  readonly units: Decimal;
  readonly gross: Decimal;
  readonly currency: string;
  readonly proceeds: Decimal | Lack;
  readonly sellingCosts: Decimal | Lack;
  readonly basis: Decimal | null;
}

export function disposal(of: DisposalOf): OpenDisposal {
  const { parcel, transaction, kind } = of;
  const lacks = [...parcel.lacks, ...[of.proceeds, of.sellingCosts].filter((value) => 'code' in value)];
  const sellingCosts = 'code' in of.sellingCosts ? null : of.sellingCosts;
  const proceeds = sellingCosts === null || 'code' in of.proceeds ? null : of.proceeds.minus(sellingCosts);
  const gain = proceeds === null || of.basis === null ? null : proceeds.minus(of.basis);
  const { heldFrom } = parcel;
  return {
    kind,
    transaction,
    leg: of.leg,
    commodity: of.leg.commodity,
    units: of.units,
    parcel,
    gross: of.gross,
    currency: of.currency,
    sellingCosts,
    proceeds,
    basis: of.basis,
    gain,
    // The gain on a short position counts as short-term (with the exceptions of IRC 1233, which are not applied).
    term: kind === 'cover' ? 'short' : heldFrom && holdingTerm(heldFrom, transaction.date),
    lacks,
    replacements: [],
  };
}
