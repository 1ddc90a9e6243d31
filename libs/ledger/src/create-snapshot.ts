import { DawsosError } from '@dawsos/contracts';
import type { Commodity, Custom, Directive, Ledger, LedgerOptions, Meta, Open } from './model';
import { withoutUnrealizedGains } from './plugins/unrealized';
import { createPortfolioBoundary, isBelow, type PortfolioView } from './portfolio-boundary';
import type { AccountInfo, AccountKind, LedgerSnapshot, Portfolio } from './snapshot';

const NO_META: Meta = new Map();
/** The portfolio of all assets and liabilities, unless the ledger declares one of that name. */
export const WHOLE_LEDGER = 'all';

/** A loaded ledger with the look-ups of a snapshot. `commit` is the full hash that it was read at. */
export function createSnapshot(commit: string, ledger: Ledger): LedgerSnapshot {
  const { options } = ledger;
  const entries = withoutUnrealizedGains(ledger.entries);
  const commodities = firstBy(
    entries,
    (entry): entry is Commodity => entry.type === 'commodity',
    (entry) => entry.currency,
  );
  const opens = firstBy(
    entries,
    (entry): entry is Open => entry.type === 'open',
    (entry) => entry.account,
  );
  const base = once(() => baseCurrency(ledger));
  const declared = new Map(
    entries.filter((entry) => entry.type === 'custom').flatMap((entry) => declaredPortfolio(entry, base)),
  );
  const lotEntries = entries
    .filter((entry) => entry.type === 'transaction')
    .filter(({ meta, postings }) => meta.has('event') || postings.some(({ cost }) => cost !== null));
  const kinds: readonly (readonly [string, AccountKind])[] = [
    [options.nameAssets, 'assets'],
    [options.nameLiabilities, 'liabilities'],
    [options.nameEquity, 'equity'],
    [options.nameIncome, 'income'],
    [options.nameExpenses, 'expenses'],
  ];
  const portfolio = (id: string | null): Portfolio => {
    const found =
      declared.get(id ?? '') ??
      (id === null || id === WHOLE_LEDGER ? wholeLedger(options, id, base()) : undefined);
    if (found !== undefined) return found;
    throw new DawsosError(
      'portfolio_not_found',
      declared.size === 0
        ? `The ledger declares no portfolio "${id ?? ''}", nor any other; the whole ledger is "${WHOLE_LEDGER}".`
        : `The ledger declares no portfolio "${id ?? ''}".`,
    );
  };
  const infoOf = (name: string): AccountInfo => {
    const root = name.split(':', 1)[0];
    const kind = kinds.find(([kindName]) => kindName === root)?.[1];
    if (kind === undefined) throw new RangeError(`"${name}" is not under a root account of the ledger`);
    return { kind, meta: opens.get(name)?.meta ?? NO_META };
  };
  const boundary = createPortfolioBoundary({
    portfolios: () => [...declared.values()],
    accounts: () => [...opens.keys(), ...entries.flatMap(accountsOf)],
    infoOf,
  });
  const views = new Map<string | null, PortfolioView>();
  const viewOf = (id: string | null): PortfolioView => {
    const view = views.get(id) ?? boundary.view(portfolio(id));
    views.set(id, view);
    return view;
  };
  return {
    commit,
    ledger,
    portfolio,
    portfolios: () =>
      declared.size === 0 ? [wholeLedger(options, WHOLE_LEDGER, base())] : [...declared.values()],
    entries: ({ portfolioId, from, to }) => {
      const { accountPrefixes } = portfolio(portfolioId);
      const { shown } = viewOf(portfolioId);
      return entries
        .filter((entry) => entry.type === 'transaction')
        .filter(({ date }) => date <= to && (from === undefined || date >= from))
        .filter(({ postings }) => postings.some(({ account }) => isBelow(account, accountPrefixes)))
        .map(shown);
    },
    lotEntries: (to, portfolioId) =>
      lotEntries.filter(({ date }) => date <= to).map(viewOf(portfolioId).lots),
    commodity: (currency) => commodities.get(currency)?.meta ?? NO_META,
    account: (name) => boundary.anonymous(name) ?? infoOf(name),
    customs: (name, to, portfolioId) =>
      entries
        .filter((entry) => entry.type === 'custom')
        .filter((entry) => entry.name === name && entry.date <= to)
        .filter(viewOf(portfolioId).shows),
  };
}

function firstBy<T extends Directive>(
  entries: readonly Directive[],
  is: (entry: Directive) => entry is T,
  key: (entry: T) => string,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const entry of entries) if (is(entry) && !found.has(key(entry))) found.set(key(entry), entry);
  return found;
}

function accountsOf(entry: Directive): readonly string[] {
  return entry.type === 'transaction' ? entry.postings.map(({ account }) => account) : [];
}

function wholeLedger(options: LedgerOptions, id: string | null, base: string): Portfolio {
  return {
    id,
    name: options.title,
    baseCurrency: base,
    accountPrefixes: [options.nameAssets, options.nameLiabilities],
  };
}

/** The first operating currency; without one, the currency that most postings are weighed in. */
function baseCurrency({ options, entries }: Ledger): string {
  const [first] = options.operatingCurrencies;
  if (first !== undefined) return first;
  const counts = new Map<string, number>();
  for (const entry of entries) {
    if (entry.type !== 'transaction') continue;
    for (const { units, cost, price } of entry.postings) {
      const { currency } = cost ?? price ?? units;
      counts.set(currency, (counts.get(currency) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return most?.[0] ?? 'USD';
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** `custom "portfolio" "growth" Assets:Growth …` with metadata `base_currency` and `name`. */
function declaredPortfolio(
  { name, values, meta }: Custom,
  fallback: () => string,
): readonly [string, Portfolio][] {
  const [id, ...accounts] = values;
  if (name !== 'portfolio' || id?.kind !== 'string') return [];
  const base = meta.get('base_currency');
  const title = meta.get('name');
  const accountPrefixes = accounts.flatMap((value) => (value.kind === 'account' ? [value.value] : []));
  const isText = base?.kind === 'string' || base?.kind === 'currency';
  return [
    [
      id.value,
      {
        id: id.value,
        name: title?.kind === 'string' ? title.value : id.value,
        baseCurrency: isText ? base.value : fallback(),
        accountPrefixes,
      },
    ],
  ];
}
