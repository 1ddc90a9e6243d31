import type { Read } from '@dawsos/contracts';
import type { PackAnswer, PricePoint, PricingPack, RatePoint } from '@dawsos/pricing';
import { createMemo, type Memo } from '@dawsos/resilience';
import { keyOf, type Question } from './question';

/** An answer together with the read that records it. */
export interface Answer<T> {
  readonly value: T;
  readonly read: Read;
}

export interface PackAnswers {
  price(question: Extract<Question, { ask: 'price' }>): Answer<PricePoint | undefined>;
  prices(question: Extract<Question, { ask: 'prices' }>): Answer<readonly PricePoint[]>;
  rate(question: Extract<Question, { ask: 'rate' }>): Answer<RatePoint | undefined>;
  rates(question: Extract<Question, { ask: 'rates' }>): Answer<readonly RatePoint[]>;
}

const MAX_POINTS_KEPT = 20_000;
const MAX_SERIES_KEPT = 512;
const byPack = new WeakMap<PricingPack, PackAnswers>();

/** The pack's answers, each hashed once: packs are immutable, so the answers live as long as the pack. */
export function packAnswers(pack: PricingPack): PackAnswers {
  const known = byPack.get(pack);
  if (known !== undefined) return known;
  const prices: Memo<Answer<PricePoint | undefined>> = createMemo(MAX_POINTS_KEPT);
  const priceSeries: Memo<Answer<readonly PricePoint[]>> = createMemo(MAX_SERIES_KEPT);
  const rates: Memo<Answer<RatePoint | undefined>> = createMemo(MAX_POINTS_KEPT);
  const rateSeries: Memo<Answer<readonly RatePoint[]>> = createMemo(MAX_SERIES_KEPT);
  const readOf = (
    kind: 'price' | 'rate',
    key: string,
    value: PackAnswer,
    sources: readonly string[],
    valueDate: string | undefined,
  ): Read => ({
    kind,
    key,
    hash: pack.hashOf(value),
    sources: [...new Set(sources)].sort(),
    value_date: valueDate ?? null,
  });
  const answers: PackAnswers = {
    price: (question) =>
      prices(keyOf(question), (key) => {
        const value = pack.price(question.commodity, question.date);
        const sources = value === undefined ? [] : [value.source];
        return { value, read: readOf('price', key, value, sources, value?.date) };
      }),
    prices: (question) =>
      priceSeries(keyOf(question), (key) => {
        const value = pack.priceSeries(question.commodity, question.from, question.to);
        const sources = value.map(({ source }) => source);
        return { value, read: readOf('price', key, value, sources, value.at(-1)?.date) };
      }),
    rate: (question) =>
      rates(keyOf(question), (key) => {
        const value = pack.rate(question.base, question.quote, question.date);
        return { value, read: readOf('rate', key, value, value?.sources ?? [], value?.date) };
      }),
    rates: (question) =>
      rateSeries(keyOf(question), (key) => {
        const value = pack.rateSeries(question.base, question.quote, question.from, question.to);
        const links = value.flatMap((point) => point.sources);
        return { value, read: readOf('rate', key, value, links, value.at(-1)?.date) };
      }),
  };
  byPack.set(pack, answers);
  return answers;
}
