import { addDays, Decimal, sha256Hex, type IsoDate, type Sha256Hex } from '@dawsos/contracts';
import { createMemo } from '@dawsos/resilience';
import type { SeriesText } from './pack-hash';
import { DatedSeries } from './dated-series';
import type { PackAnswer, PricePoint, PricingPack, RatePoint } from './pricing-pack';
import { RateGraph } from './rate-graph';

export interface PackContent {
  readonly id: string;
  readonly hash: Sha256Hex;
  readonly asofDate: IsoDate;
  readonly series: readonly SeriesText[];
}

/** Answers that a pack keeps, so that equal look-ups are computed and hashed once: bounds its memory. */
const ANSWERS_KEPT = 8_192;
const SERIES_KEPT = 512;

/** A pack in memory from its canonical series: 12 series of 800 days load in well under a millisecond. */
export function createPricingPack(content: PackContent): PricingPack {
  const prices = new Map<string, DatedSeries<PricePoint>>();
  const rateTexts: [string, string][] = [];
  for (const { kind, name, text } of content.series) {
    if (kind === 'price') prices.set(name, priceSeriesOf(name, text));
    else rateTexts.push([name, text]);
  }
  const rates = new RateGraph(rateTexts);
  const series = createMemo<readonly PricePoint[] | readonly RatePoint[]>(SERIES_KEPT);
  const answers = createMemo<RatePoint | undefined>(ANSWERS_KEPT);
  const hashes = new WeakMap<object, Sha256Hex>();

  const rate = (base: string, quote: string, date: IsoDate): RatePoint | undefined =>
    answers(`${base} ${quote} ${date}`, () => rates.rate(base, quote, date));

  return {
    id: content.id,
    hash: content.hash,
    asofDate: content.asofDate,
    characters: content.series.reduce((sum, { text }) => sum + text.length, 0),
    commodities: [...prices.keys()],
    pairs: rateTexts.map(([pair]) => pair),
    price: (commodity, date) => prices.get(commodity)?.newest(date),
    priceSeries: (commodity, from, to) =>
      series(
        `price ${commodity} ${from} ${to}`,
        () => prices.get(commodity)?.between(from, to) ?? [],
      ) as readonly PricePoint[],
    rate,
    rateSeries: (base, quote, from, to) =>
      series(`rate ${base} ${quote} ${from} ${to}`, () => {
        const dates = base === quote ? everyDay(from, to) : rates.datesBetween(from, to);
        return dates.flatMap((date) => {
          const point = rate(base, quote, date);
          return point?.newest === date ? [point.date === date ? point : { ...point, date }] : [];
        });
      }) as readonly RatePoint[],
    hashOf: (answer) => {
      if (answer === undefined) return sha256Hex('none');
      const known = hashes.get(answer);
      if (known !== undefined) return known;
      const hash = sha256Hex(answerText(answer));
      hashes.set(answer, hash);
      return hash;
    },
  };
}

/** An answer's canonical text: a line for each point, `price NWND 2025-10-22 184.07 USD example-close`. */
function answerText(answer: NonNullable<PackAnswer>): string {
  return isSeries(answer) ? answer.map(pointText).join('\n') : pointText(answer);
}

function isSeries(answer: NonNullable<PackAnswer>): answer is readonly PricePoint[] | readonly RatePoint[] {
  return Array.isArray(answer);
}

function pointText(point: PricePoint | RatePoint): string {
  const number = point.number.toFixed();
  return 'commodity' in point
    ? `price ${point.commodity} ${point.date} ${number} ${point.currency} ${point.source}`
    : `rate ${point.base} ${point.quote} ${point.date} ${number} ${point.sources.join(',')}${wayOf(point)}`;
}

/** Nothing for a pair or its inverse. */
function wayOf({ chain }: RatePoint): string {
  return chain.length > 2 ? ` by ${chain.slice(1, -1).join(' ')}` : '';
}

function priceSeriesOf(commodity: string, text: string): DatedSeries<PricePoint> {
  return new DatedSeries(text, (date, [number = '', currency = '', source = '']) => ({
    commodity,
    date,
    number: new Decimal(number),
    currency,
    source,
  }));
}

function everyDay(from: IsoDate, to: IsoDate): IsoDate[] {
  const dates: IsoDate[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
}
