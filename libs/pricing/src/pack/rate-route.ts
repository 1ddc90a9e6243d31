import type { IsoDate } from '@dawsos/contracts';

/** A graph of money on one day. */
export interface RouteMap {
  readonly date: IsoDate;
  /** What a name is joined to, in order of name. */
  beside(name: string): readonly string[];
  /** The day of the newest quote between two by that day; `fixed` where it needs none, undefined where there is none. */
  dateOf(from: string, to: string): IsoDate | 'fixed' | undefined;
}

/** Sorts after every day: what is fixed is always fresh. */
const FIXED = '~';

/** Breadth first, neighbours by name: the shortest, and of those the first by name, whatever the day. */
export function shortestRoute(
  base: string,
  quote: string,
  beside: (name: string) => readonly string[],
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[base, undefined]]);
  for (const name of cameFrom.keys()) {
    if (name === quote) return pathTo(quote, cameFrom);
    for (const next of beside(name)) if (!cameFrom.has(next)) cameFrom.set(next, name);
  }
  return undefined;
}

/**
 * The route whose oldest link is freshest; see `RateGraph` for ties. What is fixed counts neither as a link nor by its
 * age.
 */
export function freshestRoute(base: string, quote: string, map: RouteMap): readonly string[] | undefined {
  const dates = new Map<string, string | undefined>();
  const dateOf = (from: string, to: string): string | undefined => {
    const key = `${from} ${to}`;
    if (dates.has(key)) return dates.get(key);
    const date = map.dateOf(from, to);
    const made = date === 'fixed' ? FIXED : date;
    dates.set(key, made);
    return made;
  };
  const bound = freshestOldest(base, quote, map, dateOf);
  if (bound === undefined) return undefined;
  return bestWithin(base, quote, { beside: (name) => map.beside(name), dateOf, bound });
}

type DateOf = (from: string, to: string) => string | undefined;

/** The best attainable oldest link: the widest path, with days for widths (Pollack, 1960; by Dijkstra's method). */
function freshestOldest(base: string, quote: string, map: RouteMap, dateOf: DateOf): string | undefined {
  const reached = new Map<string, string>([[base, FIXED]]);
  const done = new Set<string>();
  for (;;) {
    let at: string | undefined;
    for (const [name, date] of reached) {
      if (!done.has(name) && (at === undefined || date > (reached.get(at) ?? ''))) at = name;
    }
    if (at === undefined) return undefined;
    const width = reached.get(at) ?? '';
    if (at === quote) return width;
    done.add(at);
    for (const next of map.beside(at)) {
      const date = done.has(next) ? undefined : dateOf(at, next);
      if (date === undefined) continue;
      const oldest = date < width ? date : width;
      if (oldest > (reached.get(next) ?? '')) reached.set(next, oldest);
    }
  }
}

interface Subgraph {
  readonly beside: (name: string) => readonly string[];
  readonly dateOf: DateOf;
  /** No link is older. */
  readonly bound: string;
}

interface Candidate {
  readonly path: readonly string[];
  readonly links: number;
  readonly newest: string;
}

/** One link more than needed may bring a newer quote in; longer detours only bring other people's errors. */
const DETOUR = 1;

function bestWithin(base: string, quote: string, graph: Subgraph): readonly string[] | undefined {
  const distances = linksTo(quote, graph);
  const allowed = (distances.get(base) ?? 0) + DETOUR;
  let best: Candidate | undefined;
  const visit = (path: readonly string[], links: number, newest: string): void => {
    const at = path.at(-1) ?? '';
    if (at === quote) {
      const candidate = { path, links, newest };
      if (best === undefined || isBetter(candidate, best)) best = candidate;
      return;
    }
    for (const next of graph.beside(at)) {
      const date = graph.dateOf(at, next);
      const left = distances.get(next);
      if (date === undefined || date < graph.bound || left === undefined || path.includes(next)) continue;
      const more = date === FIXED ? 0 : 1;
      if (links + more + left > allowed) continue;
      visit([...path, next], links + more, date !== FIXED && date > newest ? date : newest);
    }
  };
  visit([base], 0, '');
  return best?.path;
}

function isBetter(one: Candidate, other: Candidate): boolean {
  if (one.newest !== other.newest) return one.newest > other.newest;
  if (one.links !== other.links) return one.links < other.links;
  return one.path.length !== other.path.length
    ? one.path.length < other.path.length
    : one.path.join(' ') < other.path.join(' ');
}

/** Links from each name to the end, what is fixed not counted. */
function linksTo(end: string, { beside, dateOf, bound }: Subgraph): ReadonlyMap<string, number> {
  const distances = new Map<string, number>([[end, 0]]);
  let level: string[] = [end];
  for (let links = 0; level.length > 0; links += 1) {
    const next: string[] = [];
    // grows while it is walked: fixed parts are reached within the level
    for (const name of level) {
      for (const other of beside(name)) {
        const date = distances.has(other) ? undefined : dateOf(other, name);
        if (date === undefined || date < bound) continue;
        if (date === FIXED) {
          distances.set(other, links);
          level.push(other);
        } else next.push(other);
      }
    }
    level = next.filter((name) => !distances.has(name));
    for (const name of level) distances.set(name, links + 1);
  }
  return distances;
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string | undefined>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}
