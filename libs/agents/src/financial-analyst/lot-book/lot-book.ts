import { Decimal, ZERO } from '@dawsos/contracts';
import type { Posting, Transaction } from '@dawsos/ledger';
import { createLotPools, createWashSales, type OpenParcel } from '@dawsos/portfolio-math';
import type { CapabilityContext, LedgerReader } from '../../capability';
import { isOwn, metaText } from '../holdings';
import { inheritedText } from '../inherited-meta';
import { createRoles, type RolesOf } from '../roles';
import { createInBase, isLack } from './base-rates';
import type { BookState } from './book-state';
import { returnWithoutLots, type ReturnedMoney } from './capital-returns';
import { carryOver } from './carry';
import type { Acquired, Change, Fault } from './changes';
import type { Disposal, OpenDisposal } from './disposals';
import { dispose, hiddenCosts, joinPremiums, lossOf } from './disposing';
import { entryAmounts, type EntryAmounts } from './entry-amounts';
import { explain } from './explain';
import { createInventory, sumOf, type EntryLegs, type Leg } from './legs';
import { entriesOnTheWays } from './lot-ways';
import { createSplitsPassed } from './splits-passed';
import { tradeCosts, type CostsOf, type Trade } from './trade-costs';

/** What dividing units may leave. */
const RECONCILED = new Decimal('1e-9');

/** A fault and the entry that it is of. */
export interface BookFault extends Fault {
  readonly transaction: Transaction;
  readonly accounts: readonly string[];
}

export interface LegChange {
  readonly leg: Leg;
  readonly change: Change;
}

/** What became of every lot of the ledger up to the as-of date. */
export interface LotBook {
  /** In ledger order, of all accounts. */
  readonly disposals: readonly Disposal[];
  readonly open: readonly OpenParcel[];
  /** The last leg of a lot: its account and booked cost. */
  readonly legOf: (pool: string) => Leg | undefined;
  /** Why the units of each posting moved: two reasons where it closes a position and opens its opposite. */
  readonly changesOf: ReadonlyMap<Posting, readonly LegChange[]>;
  /** Money that came back of the basis in entries that move no lot. */
  readonly returns: readonly ReturnedMoney[];
  readonly faults: readonly BookFault[];
  /** Entries in which all lots inherited from all, nothing telling which from which. */
  readonly proRata: readonly Transaction[];
}

/** Substantially identical: the same commodity, or the same `substantially_identical` in its metadata. */
export function identityOf(commodity: string, ledger: LedgerReader): string {
  const group = metaText(ledger.commodity(commodity), 'substantially_identical');
  return group === null ? `commodity ${commodity}` : `group ${group}`;
}

/** Whether gains in an account are not taxed: metadata `tax: "deferred"` of it or of an account above it. */
export const isDeferred = (account: string, ledger: LedgerReader): boolean =>
  inheritedText(account, 'tax', ledger) === 'deferred';

/**
 * Replays the booked postings that the portfolio's lots can have come through into parcels: units of one history, whose basis and holding period
 * outlive moves, splits, tax-free exchanges and spin-offs (IRS Publication 550 and 551). Wash sales are those of the
 * portfolio's accounts. What an entry does not tell is a fault, and what comes is then taken as booked.
 */
export function lotBook(context: CapabilityContext): LotBook {
  const book = books.get(context) ?? replayed(context);
  books.set(context, book);
  return book;
}

const books = new WeakMap<CapabilityContext, LotBook>();

function replayed(context: CapabilityContext): LotBook {
  const portfolio = context.ledger.portfolio();
  const history = entriesOnTheWays(context.ledger.lotEntries(context.asofDate), (account) =>
    isOwn(portfolio, account),
  );
  const state = bookState(context, createRoles(context.ledger, history));
  const disposals: OpenDisposal[] = [];
  const changesOf = new Map<Posting, readonly LegChange[]>();
  const returns: ReturnedMoney[] = [];
  const faults: BookFault[] = [];
  const proRata: Transaction[] = [];
  for (const transaction of history) {
    const legs = state.inventory.add(transaction);
    const note = (fault: Fault): void => {
      faults.push({ ...fault, transaction, accounts: accountsOf(legs) });
    };
    const entry = replay(transaction, legs, state, note);
    disposals.push(...entry.disposals);
    for (const change of entry.changes) {
      for (const leg of legsOf(change)) {
        changesOf.set(leg.posting, [...(changesOf.get(leg.posting) ?? []), { leg, change }]);
      }
    }
    returns.push(...entry.returns);
    if (entry.proRata) proRata.push(transaction);
    reconcile(legs, state, note);
  }
  const { inventory, pools } = state;
  return {
    disposals,
    open: pools.open(),
    legOf: (pool) => inventory.legOf(pool),
    changesOf,
    returns,
    faults,
    proRata,
  };
}

function bookState(context: CapabilityContext, roles: RolesOf): BookState {
  const { ledger } = context;
  const portfolio = ledger.portfolio();
  const pools = createLotPools();
  const splits = createSplitsPassed();
  let order = 0;
  return {
    context,
    pools,
    splits,
    wash: createWashSales(pools, (commodity, epoch) => splits.sizeOf(commodity, epoch)),
    inventory: createInventory(),
    inBase: createInBase(context),
    roles,
    isOwn: (account) => isOwn(portfolio, account),
    identityOf: (commodity) => identityOf(commodity, ledger),
    nextOrder: () => order++,
  };
}

interface Replayed {
  readonly changes: readonly Change[];
  readonly disposals: readonly OpenDisposal[];
  readonly returns: readonly ReturnedMoney[];
  readonly proRata: boolean;
}

function replay(
  transaction: Transaction,
  legs: EntryLegs,
  state: BookState,
  note: (fault: Fault) => void,
): Replayed {
  const { context, pools, wash, inBase } = state;
  const roles = state.roles(transaction);
  const known = new Map<string, EntryAmounts>();
  const amountsIn = (currency: string): EntryAmounts => {
    const amounts = known.get(currency) ?? entryAmounts(transaction, roles, currency, context.ledger);
    known.set(currency, amounts);
    return amounts;
  };
  const worth = (commodity: string, currency: string): Decimal | null => {
    const price = context.pack.price(commodity, transaction.date);
    return price?.currency === currency ? price.number : null;
  };
  const commodity = (name: string): ReturnType<LedgerReader['commodity']> => context.ledger.commodity(name);
  const { changes, faults } = explain({ transaction, legs, amountsIn, commodity, worth });
  const hidden = hiddenCosts(changes, amountsIn);
  for (const fault of hidden.fault === null ? faults : [...faults, hidden.fault]) note(fault);
  const costsOf = tradeCosts(transaction, changes.filter(isTrade), roles, inBase);
  const [rows, joining]: [OpenDisposal[], OpenDisposal[]] = [[], []];
  let proRata = false;
  for (const change of changes) {
    if (change.kind === 'sold' || change.kind === 'covered') {
      const gone = dispose(change, transaction, costsOf, hidden.of(change), state);
      (change.joinsSale ? joining : rows).push(...gone);
    } else if (change.kind === 'given' || change.kind === 'unexplained') {
      pools.take(change.leg.pool, change.leg.units);
    } else if ('from' in change) {
      const outcome = carryOver(change, transaction, state);
      rows.push(...outcome.disposals);
      proRata ||= outcome.proRata;
    }
  }
  const isWithoutLots = legs.leaving.length === 0 && legs.coming.length === 0;
  const returned = isWithoutLots ? returnWithoutLots(transaction, state) : { disposals: [], returns: [] };
  rows.push(...returned.disposals);
  const disposals = joinPremiums(rows, joining);
  wash.sold(disposals.flatMap((row) => lossOf(row, state)));
  for (const change of changes) if (isAcquired(change)) acquire(change, transaction, costsOf, state);
  return { changes, disposals, returns: returned.returns, proRata };
}

const isTrade = (change: Change): change is Trade => 'amount' in change && change.kind !== 'received';
const isAcquired = (change: Change): change is Acquired =>
  change.kind === 'bought' || change.kind === 'received' || change.kind === 'shorted';

function acquire(change: Acquired, { date }: Transaction, costsOf: CostsOf, state: BookState): void {
  const { leg, kind, amount, currency } = change;
  const { inBase, isOwn: isOfPortfolio, context } = state;
  const acquired = leg.cost.date;
  const value = inBase(amount, currency, acquired);
  const costs = kind === 'received' ? ZERO : costsOf(change);
  const isKnown = !isLack(value) && !isLack(costs);
  const order = state.nextOrder();
  const parcel: OpenParcel = {
    pool: leg.pool,
    commodity: leg.commodity,
    identity: state.identityOf(leg.commodity),
    // Bought on one day at one cost in one account is one lot, in however many entries.
    origin: leg.pool,
    order,
    acquired,
    heldFrom: acquired,
    epoch: state.splits.epoch(leg.commodity),
    units: leg.units,
    // A short position holds what it was sold for.
    basis: isKnown ? (kind === 'shorted' ? value.minus(costs) : value.plus(costs)) : null,
    costs: isKnown && kind !== 'shorted' ? costs : ZERO,
    lacks: [value, costs].filter(isLack),
    carried: ZERO,
    purchased: kind === 'bought' && isOfPortfolio(leg.account) ? (acquired ?? date) : null,
    replaces: false,
    deferred: isDeferred(leg.account, context.ledger),
  };
  state.pools.put(parcel);
  if (parcel.purchased !== null) state.wash.bought(parcel);
}

/** After each entry the parcels of a lot hold as many units as the inventory: else it is said, and set right. */
function reconcile(
  { leaving, coming, astray }: EntryLegs,
  { pools, inventory, splits, identityOf: identity, nextOrder, context }: BookState,
  note: (fault: Fault) => void,
): void {
  for (const leg of new Map([...leaving, ...coming, ...astray].map((one) => [one.pool, one])).values()) {
    const booked = inventory.units(leg.pool).abs();
    const missing = booked.minus(sumOf(pools.parcels(leg.pool), ({ units }) => units));
    if (missing.abs().lessThan(RECONCILED)) continue;
    // Units that went astray were named with what to do about them.
    const isNamed = astray.some(({ pool }) => pool === leg.pool);
    const detail = `the lots of ${leg.commodity} in ${leg.account} do not follow from the entries: ${booked.toFixed()} units are booked, ${missing.toFixed()} of them from nowhere`;
    if (!isNamed) note({ code: 'lots_do_not_reconcile', commodity: leg.commodity, detail });
    if (missing.isNegative()) {
      pools.take(leg.pool, missing.negated());
      continue;
    }
    const order = nextOrder();
    pools.put({
      pool: leg.pool,
      commodity: leg.commodity,
      identity: identity(leg.commodity),
      origin: String(order),
      order,
      acquired: leg.cost.date,
      heldFrom: leg.cost.date,
      epoch: splits.epoch(leg.commodity),
      units: missing,
      basis: null,
      costs: ZERO,
      lacks: [{ code: 'lots_do_not_reconcile', detail }],
      carried: ZERO,
      purchased: null,
      replaces: false,
      deferred: isDeferred(leg.account, context.ledger),
    });
  }
}

function legsOf(change: Change): readonly Leg[] {
  return 'from' in change ? [...change.from, ...change.to] : [change.leg];
}

function accountsOf({ leaving, coming, astray }: EntryLegs): string[] {
  return [...new Set([...leaving, ...coming, ...astray].map(({ account }) => account))];
}
