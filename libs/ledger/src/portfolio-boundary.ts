import type { Amount, Custom, Meta, MetaValue, Posting, Transaction } from './model';
import { LedgerDecimal } from './number';
import type { AccountInfo, Portfolio } from './snapshot';

/** The component under which accounts of other portfolios are seen: `Assets:OtherPortfolio`. */
const ANONYMOUS = 'OtherPortfolio';
/** What stands in the place of words that are about both sides of an entry. */
const NARRATION = 'With another portfolio';
/** What an entry or a posting declares of itself and figures need; it names no account and tells no story. */
const KEPT_OF_ENTRY: readonly string[] = ['commodity', 'event', 'ex_date', 'ratio'];
const KEPT_OF_POSTING: readonly string[] = ['role', 'flow'];
/** What an account declares that holds for the accounts below it too. */
const INHERITED: readonly string[] = ['role', 'flow', 'tax'];

export interface BoundaryOptions {
  readonly portfolios: () => readonly Portfolio[];
  /** Every account that the ledger opens or posts to. */
  readonly accounts: () => Iterable<string>;
  readonly infoOf: (account: string) => AccountInfo;
}

/** What one portfolio's reader sees of the ledger. */
export interface PortfolioView {
  /**
   * An entry with the portfolio's own postings and those to accounts of no portfolio as they are. In the place of
   * postings of other portfolios stands what they come to: a counter-leg for each kind of account, declared role and
   * commodity, in a commodity that own postings move too, else by weight, which says no more than that the entry
   * balances.
   */
  readonly shown: (entry: Transaction) => Transaction;
  /** An entry for the histories of lots: each posting with its units and cost, accounts of others by number. */
  readonly lots: (entry: Transaction) => Transaction;
  /** Whether a directive tells of no other portfolio. */
  readonly shows: (custom: Custom) => boolean;
}

/**
 * A portfolio is a boundary: its reader sees nothing by which an account, an amount, a narration or an id of another
 * portfolio could be told. Accounts that no portfolio has are the ledger's common part, and seen by all.
 */
export interface PortfolioBoundary {
  view(portfolio: Portfolio): PortfolioView;
  /** What is known of an account by the name under which views have it; undefined for any other name. */
  anonymous(account: string): AccountInfo | undefined;
}

export function createPortfolioBoundary(options: BoundaryOptions): PortfolioBoundary {
  const numbered = once(() => numberAccounts(options));
  return {
    view: (portfolio) => createView(portfolio, options, (account) => numbered().names.get(account)),
    anonymous: (account) => {
      const [root = '', component, number] = account.split(':');
      if (component !== ANONYMOUS) return undefined;
      return number === undefined
        ? { kind: options.infoOf(root).kind, meta: new Map() }
        : numbered().infos.get(account);
    },
  };
}

/** Accounts that portfolios have, by their place in the alphabet. */
function numberAccounts({ portfolios, accounts, infoOf }: BoundaryOptions) {
  const prefixes = portfolios().flatMap(({ accountPrefixes }) => accountPrefixes);
  const theirs = [...new Set(accounts())].filter((account) => isBelow(account, prefixes)).sort();
  const names = new Map<string, string>();
  const infos = new Map<string, AccountInfo>();
  theirs.forEach((account, index) => {
    const name = `${rootOf(account)}:${ANONYMOUS}:${String(index + 1)}`;
    names.set(account, name);
    infos.set(name, { kind: infoOf(account).kind, meta: inherited(account, infoOf, INHERITED) });
  });
  return { names, infos };
}

function createView(
  { id, accountPrefixes }: Portfolio,
  { portfolios, infoOf }: BoundaryOptions,
  numberOf: (account: string) => string | undefined,
): PortfolioView {
  const declared = portfolios();
  // who asks for the whole ledger sees all of it
  const others = declared.some((one) => one.id === id) ? declared.filter((one) => one.id !== id) : [];
  const othersPrefixes = others.flatMap((portfolio) => portfolio.accountPrefixes);
  const othersIds = new Set(others.map((portfolio) => portfolio.id));
  const isOther = (account: string): boolean =>
    isBelow(account, othersPrefixes) && !isBelow(account, accountPrefixes);
  const isOthers = ({ account }: Posting): boolean => isOther(account);
  const shown = new WeakMap<Transaction, Transaction>();
  const lots = new WeakMap<Transaction, Transaction>();

  function hide(entry: Transaction, postings: readonly Posting[]): Transaction {
    const meta = pick(entry.meta, KEPT_OF_ENTRY);
    return { ...entry, payee: null, narration: NARRATION, tags: [], links: [], meta, postings };
  }
  const toldOf = ({ account, meta }: Posting): Meta =>
    new Map([...inherited(account, infoOf, KEPT_OF_POSTING), ...pick(meta, KEPT_OF_POSTING)]);

  return {
    shown: (entry) => {
      if (!entry.postings.some(isOthers)) return entry;
      const seen = shown.get(entry) ?? hide(entry, withCounterLegs(entry, isOthers, toldOf));
      shown.set(entry, seen);
      return seen;
    },
    lots: (entry) => {
      if (!entry.postings.some(isOthers)) return entry;
      const rename = (posting: Posting): Posting => {
        if (!isOthers(posting)) return posting;
        const account = numberOf(posting.account) ?? `${rootOf(posting.account)}:${ANONYMOUS}`;
        return { ...posting, account, meta: toldOf(posting) };
      };
      const seen = lots.get(entry) ?? hide(entry, entry.postings.map(rename));
      lots.set(entry, seen);
      return seen;
    },
    shows: ({ values }) =>
      !values.some(
        (value) =>
          (value.kind === 'account' && isOther(value.value)) ||
          (value.kind === 'string' && (othersIds.has(value.value) || isOther(value.value))),
      ),
  };
}

/** Own and common postings in their order, then what the others come to. */
function withCounterLegs(
  { postings }: Transaction,
  isOthers: (posting: Posting) => boolean,
  toldOf: (posting: Posting) => Meta,
): readonly Posting[] {
  const seen = postings.filter((posting) => !isOthers(posting));
  const legs = new Map<string, Posting>();
  for (const posting of postings.filter(isOthers)) {
    const counterpart = seen.find(({ units }) => units.currency === posting.units.currency);
    const { number, currency } = counterpart === undefined ? weightOf(posting) : posting.units;
    const account = `${rootOf(posting.account)}:${ANONYMOUS}`;
    const meta = toldOf(posting);
    const key = JSON.stringify([
      account,
      currency,
      ...[...meta].map(([name, value]) => [name, textOf(value)]),
    ]);
    const known = legs.get(key);
    const sum = LedgerDecimal.from(number).add(
      known === undefined ? LedgerDecimal.ZERO : LedgerDecimal.from(known.units.number),
    );
    const cost = counterpart?.cost ?? null;
    legs.set(key, { account, units: { number: sum, currency }, cost, price: null, flag: null, meta });
  }
  const moved = [...legs.values()].filter(({ units }) => !LedgerDecimal.from(units.number).isZero);
  return [...seen, ...moved];
}

/** What a posting weighs in its entry's balance: at cost, else at price, else its units. */
function weightOf({ units, cost, price }: Posting): Amount {
  const rate = cost ?? price;
  if (rate === null) return units;
  const number = LedgerDecimal.from(rate.number).multiply(LedgerDecimal.from(units.number));
  return { number, currency: rate.currency };
}

function inherited(account: string, infoOf: BoundaryOptions['infoOf'], keys: readonly string[]): Meta {
  const components = account.split(':');
  const found = new Map<string, MetaValue>();
  for (let length = components.length; length > 0; length -= 1) {
    const { meta } = infoOf(components.slice(0, length).join(':'));
    for (const [key, value] of pick(meta, keys)) if (!found.has(key)) found.set(key, value);
  }
  return found;
}

function pick(meta: Meta, keys: readonly string[]): Meta {
  return new Map([...meta].filter(([key]) => keys.includes(key)));
}

function textOf(value: MetaValue): string {
  return value.kind === 'string' ? value.value : value.kind;
}

function rootOf(account: string): string {
  return account.split(':', 1)[0] ?? account;
}

export function isBelow(account: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => account === prefix || account.startsWith(`${prefix}:`));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
