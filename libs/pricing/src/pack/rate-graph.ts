import { Decimal, FIXED_PARTS, ONE, type IsoDate } from '@dawsos/contracts';
import { DatedSeries } from './dated-series';
import type { RatePoint } from './pricing-pack';
import { freshestRoute, shortestRoute } from './rate-route';

/** One link of a chain: units of `quote` per `base`, and the day of the quote; null where the number is fixed. */
interface Link {
  readonly number: Decimal;
  readonly date: IsoDate | null;
  readonly sources: readonly string[];
}

/**
 * Exchange rates as a graph of money: pairs are its edges, usable both ways, and so are fixed parts (pence of a pound,
 * the currencies that the euro replaced), which are no link of a chain and never age.
 *
 * The rate of a day is that of the chain whose oldest link is freshest. Where several have that oldest link, those at
 * most one link longer than the shortest count: first the one whose newest link is newer, then the shorter, then by
 * the names on the way.
 */
export class RateGraph {
  private readonly pairs = new Map<string, DatedSeries<RatePoint>>();
  private readonly neighbours = new Map<string, Set<string>>();
  private readonly ordered = new Map<string, readonly string[]>();
  private readonly shortest = new Map<string, readonly string[] | undefined>();
  private readonly inverses = new WeakMap<RatePoint, Link>();

  /** `texts`: canonical series texts by pair, `USD CAD`. */
  constructor(texts: Iterable<readonly [pair: string, text: string]>) {
    for (const [pair, text] of texts) {
      const [base = '', quote = ''] = pair.split(' ');
      const pointOf = (date: IsoDate, [number = '', source = '']: readonly string[]): RatePoint => ({
        base,
        quote,
        date,
        newest: date,
        number: new Decimal(number),
        sources: [source],
        chain: [base, quote],
      });
      this.pairs.set(pair, new DatedSeries(text, pointOf));
      this.join(base, quote);
      this.addFixed(base);
      this.addFixed(quote);
    }
  }

  rate(base: string, quote: string, date: IsoDate): RatePoint | undefined {
    if (base === quote) {
      return { base, quote, date, newest: date, number: ONE, sources: [], chain: [base] };
    }
    const route = this.route(base, quote, date);
    return route && this.along(route, date);
  }

  /** The days of a range on which any pair has a rate, in order. */
  datesBetween(from: IsoDate, to: IsoDate): IsoDate[] {
    const dates = new Set<IsoDate>();
    for (const series of this.pairs.values()) {
      for (const date of series.datesBetween(from, to)) dates.add(date);
    }
    return [...dates].sort();
  }

  /** The shortest chain of all needs no other looked at where all of its links are of the day itself. */
  private route(base: string, quote: string, date: IsoDate): readonly string[] | undefined {
    this.addFixed(base);
    this.addFixed(quote);
    const key = `${base} ${quote}`;
    if (!this.shortest.has(key)) {
      this.shortest.set(
        key,
        shortestRoute(base, quote, (name) => this.namesBeside(name)),
      );
    }
    const shortest = this.shortest.get(key);
    if (shortest === undefined || this.isAllOf(shortest, date)) return shortest;
    return freshestRoute(base, quote, {
      date,
      beside: (name) => this.namesBeside(name),
      dateOf: (from, to) => {
        const link = this.link(from, to, date);
        return link === undefined ? undefined : (link.date ?? 'fixed');
      },
    });
  }

  private isAllOf(route: readonly string[], date: IsoDate): boolean {
    let links = 0;
    for (let index = 1; index < route.length; index += 1) {
      const link = this.link(route[index - 1] ?? '', route[index] ?? '', date);
      if (link === undefined || (link.date !== null && link.date !== date)) return false;
      if (link.date !== null) links += 1;
    }
    return links > 0 || route.length === 2;
  }

  private along(route: readonly string[], date: IsoDate): RatePoint | undefined {
    const [base = '', ...rest] = route;
    let number = ONE;
    let oldest: IsoDate | undefined;
    let newest: IsoDate | undefined;
    const sources = new Set<string>();
    for (const [index, to] of rest.entries()) {
      const link = this.link(route[index] ?? '', to, date);
      if (link === undefined) return undefined;
      number = index === 0 ? link.number : number.times(link.number);
      for (const source of link.sources) sources.add(source);
      if (link.date === null) continue;
      if (oldest === undefined || link.date < oldest) oldest = link.date;
      if (newest === undefined || link.date > newest) newest = link.date;
    }
    const quote = rest.at(-1) ?? base;
    return {
      base,
      quote,
      date: oldest ?? date,
      newest: newest ?? date,
      number,
      sources: [...sources],
      chain: route,
    };
  }

  private join(from: string, to: string): void {
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      const names = this.neighbours.get(one) ?? new Set<string>();
      this.neighbours.set(one, names);
      if (names.has(other)) continue;
      names.add(other);
      this.ordered.delete(one);
    }
  }

  private addFixed(name: string): void {
    const part = FIXED_PARTS.get(name);
    if (part !== undefined && this.neighbours.get(name)?.has(part.of) !== true) {
      this.join(name, part.of);
      this.shortest.clear();
    }
  }

  private namesBeside(name: string): readonly string[] {
    const known = this.ordered.get(name);
    if (known !== undefined) return known;
    const names = [...(this.neighbours.get(name) ?? [])].sort();
    this.ordered.set(name, names);
    return names;
  }

  /** The newer of a pair and its inverse, the pair itself on the same day; a fixed part's number where it is one. */
  private link(base: string, quote: string, date: IsoDate): Link | undefined {
    const fixed = fixedLink(base, quote, date);
    if (fixed !== undefined) return fixed;
    const direct = this.pairs.get(`${base} ${quote}`)?.newest(date);
    const inverse = this.pairs.get(`${quote} ${base}`)?.newest(date);
    if (inverse === undefined || (direct !== undefined && direct.date >= inverse.date)) return direct;
    return this.inverseOf(inverse);
  }

  private inverseOf(point: RatePoint): Link {
    const made = this.inverses.get(point);
    if (made !== undefined) return made;
    const inverse = { date: point.date, number: ONE.div(point.number), sources: point.sources };
    this.inverses.set(point, inverse);
    return inverse;
  }
}

function fixedLink(base: string, quote: string, date: IsoDate): Link | undefined {
  const part = FIXED_PARTS.get(base);
  const whole = FIXED_PARTS.get(quote);
  if (part?.of === quote && (part.since === null || part.since <= date)) {
    return { number: ONE.div(part.units), date: null, sources: [] };
  }
  if (whole?.of === base && (whole.since === null || whole.since <= date)) {
    return { number: whole.units, date: null, sources: [] };
  }
  return undefined;
}
