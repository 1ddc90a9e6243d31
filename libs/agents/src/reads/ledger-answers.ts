import { contentHash, type JsonValue, type Read, type Sha256Hex, sha256Hex } from '@dawsos/contracts';
import {
  commodityBook,
  type AccountInfo,
  type CommodityFacts,
  type Custom,
  type Directive,
  type LedgerSnapshot,
  type Meta,
  type Portfolio,
  type Transaction,
} from '@dawsos/ledger';
import { directiveHash, plainMeta } from './directive-hash';
import { createMemo, type Memo } from '@dawsos/resilience';
import type { Answer } from './pack-answers';
import { keyOf, type Question } from './question';

export interface LedgerAnswers {
  portfolio(): Answer<Portfolio>;
  entries(question: Extract<Question, { ask: 'entries' }>): Answer<readonly Directive[]>;
  lots(question: Extract<Question, { ask: 'lots' }>): Answer<readonly Transaction[]>;
  commodity(question: Extract<Question, { ask: 'commodity' }>): Answer<Meta>;
  facts(question: Extract<Question, { ask: 'facts' }>): Answer<CommodityFacts>;
  account(question: Extract<Question, { ask: 'account' }>): Answer<AccountInfo>;
  customs(question: Extract<Question, { ask: 'customs' }>): Answer<readonly Custom[]>;
}

const MAX_KEPT_RANGES = 64;
const MAX_KEPT_NAMES = 5_000;
const bySnapshot = new WeakMap<LedgerSnapshot, Map<string | null, LedgerAnswers>>();

/** The answers of a snapshot to one portfolio, each hashed once; a portfolio has its own, since answers differ. */
export function ledgerAnswers(snapshot: LedgerSnapshot, portfolioId: string | null): LedgerAnswers {
  const portfolios = bySnapshot.get(snapshot) ?? new Map<string | null, LedgerAnswers>();
  bySnapshot.set(snapshot, portfolios);
  const known = portfolios.get(portfolioId);
  if (known !== undefined) return known;
  const answers = createAnswers(snapshot, portfolioId);
  portfolios.set(portfolioId, answers);
  return answers;
}

function createAnswers(snapshot: LedgerSnapshot, portfolioId: string | null): LedgerAnswers {
  const portfolios: Memo<Answer<Portfolio>> = createMemo(1);
  const ranges: Memo<Answer<readonly Directive[]>> = createMemo(MAX_KEPT_RANGES);
  const lots: Memo<Answer<readonly Transaction[]>> = createMemo(MAX_KEPT_RANGES);
  const commodities: Memo<Answer<Meta>> = createMemo(MAX_KEPT_NAMES);
  const facts: Memo<Answer<CommodityFacts>> = createMemo(MAX_KEPT_NAMES);
  const accounts: Memo<Answer<AccountInfo>> = createMemo(MAX_KEPT_NAMES);
  const customs: Memo<Answer<readonly Custom[]>> = createMemo(MAX_KEPT_RANGES);
  return {
    portfolio: () =>
      portfolios(keyOf({ ask: 'portfolio' }), (key) => {
        const value = snapshot.portfolio(portfolioId);
        const { id, name, baseCurrency, accountPrefixes } = value;
        return { value, read: readOf(key, contentHash([id, name, baseCurrency, [...accountPrefixes]])) };
      }),
    entries: (question) =>
      ranges(keyOf(question), (key) => {
        const { from, to } = question;
        const value = snapshot.entries({ portfolioId, to, ...(from === undefined ? {} : { from }) });
        return { value, read: readOf(key, sha256Hex(value.map(directiveHash).join('\n'))) };
      }),
    lots: (question) =>
      lots(keyOf(question), (key) => {
        const value = snapshot.lotEntries(question.to, portfolioId);
        return { value, read: readOf(key, sha256Hex(value.map(directiveHash).join('\n'))) };
      }),
    commodity: (question) =>
      commodities(keyOf(question), (key) => {
        const value = snapshot.commodity(question.currency);
        return { value, read: readOf(key, contentHash(plainMeta(value))) };
      }),
    facts: (question) =>
      facts(keyOf(question), (key) => {
        const { accountPrefixes } = snapshot.portfolio(portfolioId);
        const value = commodityBook(snapshot.ledger).factsFor(question.commodity, accountPrefixes);
        return { value, read: readOf(key, contentHash(plainFacts(value))) };
      }),
    account: (question) =>
      accounts(keyOf(question), (key) => {
        const value = snapshot.account(question.name);
        const plain: JsonValue = [value.kind, plainMeta(value.meta)];
        return { value, read: readOf(key, contentHash(plain)) };
      }),
    customs: (question) =>
      customs(keyOf(question), (key) => {
        const value = snapshot.customs(question.name, question.to, portfolioId);
        return { value, read: readOf(key, sha256Hex(value.map(directiveHash).join('\n'))) };
      }),
  };
}

function plainFacts(facts: CommodityFacts): JsonValue {
  const { isMoney, assetClass, unitSize, splits, faults, adjustedSources } = facts;
  return [
    isMoney,
    assetClass,
    unitSize.toFixed(),
    splits.map(({ ratio, exDate, bookedOn, bookings, leftOut }) => [
      ratio.toFixed(),
      exDate,
      bookedOn,
      bookings.map(({ date, location, accounts }) => [date, location.file, location.line, [...accounts]]),
      [...leftOut],
    ]),
    faults.map(({ code, detail }) => [code, detail]),
    [...adjustedSources],
  ];
}

/** A ledger read has no day of its own: the commit pins it. */
function readOf(key: string, hash: Sha256Hex): Read {
  return { kind: 'ledger', key, hash, sources: ['ledger'], value_date: null };
}
