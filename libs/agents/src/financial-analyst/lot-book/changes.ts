import type { Decimal } from '@dawsos/contracts';
import type { Leg } from './legs';

/** Units change hands or shape and their history goes on in what comes. */
export interface Carried {
  readonly kind:
    'moved' | 'split' | 'spin_off' | 'merger' | 'exercise' | 'return_of_capital' | 'basis_adjusted';
  /** None where a split books its new units alone. */
  readonly from: readonly Leg[];
  readonly to: readonly Leg[];
  readonly currency: string;
  /** Joins the basis of what comes: money paid, income that is reinvested in the lots; negative where it lessens it. */
  readonly added: Decimal;
  /** Money that came back of the basis; what is beyond it is gain. */
  readonly returned: Decimal;
  /** The fraction of what comes that was paid out in money. */
  readonly inLieu: { readonly proceeds: Decimal; readonly share: Decimal; readonly units: Decimal } | null;
}

/** Units leave for money, or a short position is closed. */
export interface Disposed {
  readonly kind: 'sold' | 'covered';
  readonly leg: Leg;
  /** What they went for, or what it took to close them, before trading costs. */
  readonly amount: Decimal;
  /** A short call that is closed without a price in the entry that delivers its shares: it joins their proceeds. */
  readonly joinsSale: boolean;
  readonly currency: string;
}

/** Units come, or a short position is opened, and have no history. */
export interface Acquired {
  readonly kind: 'bought' | 'received' | 'shorted';
  readonly leg: Leg;
  /** What a short position was opened for; else the cost. */
  readonly amount: Decimal;
  readonly currency: string;
}

/** Units leave in kind, or for no reason that the entry tells. */
export interface Departed {
  readonly kind: 'given' | 'unexplained';
  readonly leg: Leg;
}

/** Why the units of an entry's legs move. */
export type Change = Carried | Disposed | Acquired | Departed;

/** Something that the entry does not tell, in the words of a gap. */
export interface Fault {
  readonly code: string;
  readonly commodity: string;
  readonly detail: string;
}

export interface Explained {
  readonly changes: readonly Change[];
  readonly faults: readonly Fault[];
}
