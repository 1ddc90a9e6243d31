import { Decimal, ONE, type IsoDate } from '@dawsos/contracts';
import { DatedSeries } from './dated-series';
import type { RatePoint } from './pricing-pack';

interface Link {
  readonly direct: DatedSeries<RatePoint> | undefined;
  readonly inverse: DatedSeries<RatePoint> | undefined;
}

/** Exchange rates as a graph of currencies: pairs are its edges, usable both ways. */
export class RateGraph {
  private readonly pairs = new Map<string, DatedSeries<RatePoint>>();
  private readonly neighbours = new Map<string, string[]>();
  private readonly firstDates: IsoDate[];
  private readonly chains = new Map<string, readonly string[] | undefined>();
  private readonly inverses = new WeakMap<RatePoint, RatePoint>();

  /** `texts`: canonical series texts by pair, `USD CAD`. */
  constructor(texts: Iterable<readonly [pair: string, text: string]>) {
    for (const [pair, text] of texts) {
      const [base = '', quote = ''] = pair.split(' ');
      const pointOf = (date: IsoDate, [number = '', source = '']: readonly string[]): RatePoint => ({
        base,
        quote,
        date,
        number: new Decimal(number),
        sources: [source],
      });
      this.pairs.set(pair, new DatedSeries(text, pointOf));
      this.join(base, quote);
      this.join(quote, base);
    }
    for (const names of this.neighbours.values()) names.sort();
    this.firstDates = [...this.pairs.values()].map((series) => series.firstDate).sort();
  }

  rate(base: string, quote: string, date: IsoDate): RatePoint | undefined {
    if (base === quote) return { base, quote, date, number: ONE, sources: [] };
    const chain = this.chain(base, quote, date);
    if (chain === undefined) return undefined;
    let number = ONE;
    let oldest = date;
    const sources = new Set<string>();
    let only: RatePoint | undefined;
    for (const [index, from] of chain.slice(0, -1).entries()) {
      const point = this.newestOfLink(from, chain[index + 1] ?? '', date);
      if (point === undefined) return undefined;
      number = index === 0 ? point.number : number.times(point.number);
      if (point.date < oldest) oldest = point.date;
      for (const source of point.sources) sources.add(source);
      only = point;
    }
    return chain.length === 2 ? only : { base, quote, date: oldest, number, sources: [...sources] };
  }

  /** The days of a range on which any pair has a rate, in order. */
  datesBetween(from: IsoDate, to: IsoDate): IsoDate[] {
    const dates = new Set<IsoDate>();
    for (const series of this.pairs.values()) {
      for (const date of series.datesBetween(from, to)) dates.add(date);
    }
    return [...dates].sort();
  }

  private join(from: string, to: string): void {
    const names = this.neighbours.get(from);
    if (names === undefined) this.neighbours.set(from, [to]);
    else if (!names.includes(to)) names.push(to);
  }

  private link(base: string, quote: string): Link {
    return { direct: this.pairs.get(`${base} ${quote}`), inverse: this.pairs.get(`${quote} ${base}`) };
  }

  private newestOfLink(base: string, quote: string, date: IsoDate): RatePoint | undefined {
    const link = this.link(base, quote);
    const direct = link.direct?.newest(date);
    const inverse = link.inverse?.newest(date);
    if (inverse === undefined || (direct !== undefined && direct.date >= inverse.date)) return direct;
    return this.inverseOf(inverse);
  }

  private inverseOf(point: RatePoint): RatePoint {
    const made = this.inverses.get(point);
    if (made !== undefined) return made;
    const { base, quote, date, number, sources } = point;
    const inverse = { base: quote, quote: base, date, number: ONE.div(number), sources };
    this.inverses.set(point, inverse);
    return inverse;
  }

  /** The chain changes only on days on which a pair has its first rate, so it is kept by their count. */
  private chain(base: string, quote: string, date: IsoDate): readonly string[] | undefined {
    const known = this.firstDates.filter((first) => first <= date).length;
    const key = `${base} ${quote} ${String(known)}`;
    if (!this.chains.has(key)) this.chains.set(key, this.shortestChain(base, quote, date));
    return this.chains.get(key);
  }

  /** Breadth first, neighbours by name: so the shortest, and of those the first by name. */
  private shortestChain(base: string, quote: string, date: IsoDate): readonly string[] | undefined {
    const cameFrom = new Map<string, string | undefined>([[base, undefined]]);
    for (const currency of cameFrom.keys()) {
      if (currency === quote) return pathTo(quote, cameFrom);
      for (const next of this.neighbours.get(currency) ?? []) {
        if (!cameFrom.has(next) && this.isKnown(currency, next, date)) cameFrom.set(next, currency);
      }
    }
    return undefined;
  }

  private isKnown(base: string, quote: string, date: IsoDate): boolean {
    const { direct, inverse } = this.link(base, quote);
    return [direct, inverse].some((series) => series !== undefined && series.firstDate <= date);
  }
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string | undefined>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}
