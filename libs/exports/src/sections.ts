import type { JsonValue } from '@dawsos/contracts';
import { cellOf, EMPTY, textCell, type Cell } from './cell';

/** A table of a figure, or its single values as a table of two columns. */
export interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

interface Row {
  /** The numbers of the rows that it stands in, outermost first, its own last; empty for the figure itself. */
  readonly place: readonly number[];
  readonly value: JsonValue;
}

type Leaves = Map<string, JsonValue>;
type Lists = Map<string, readonly JsonValue[]>;

/**
 * A figure as tables, complete: single values together, each list as a table of its own, and a list inside a list's
 * rows as a further table that names the row it belongs to.
 */
export function sectionsOf(name: string, value: JsonValue): readonly Section[] {
  return sectionsOfRows(name, [{ place: [], value }], []);
}

function sectionsOfRows(title: string, rows: readonly Row[], parents: readonly string[]): Section[] {
  const flat = rows.map(({ place, value }) => ({ place, ...flatten(value) }));
  const listNames = [...new Set(flat.flatMap(({ lists }) => [...lists.keys()]))];
  const own =
    parents.length === 0 ? factsOf(title, flat[0]?.leaves) : [tableOf(title, flat, parents, listNames)];
  const inner = listNames.flatMap((list) => {
    const path = list === '' ? title : `${title}.${list}`;
    const items = flat.flatMap(({ place, lists }) =>
      (lists.get(list) ?? []).map((item, index): Row => ({ place: [...place, index + 1], value: item })),
    );
    return sectionsOfRows(path, items, [...parents, list === '' ? title : list]);
  });
  return [...own, ...inner];
}

function factsOf(title: string, leaves: Leaves | undefined): Section[] {
  if (leaves === undefined || leaves.size === 0) return [];
  const rows = [...leaves].map(([name, value]) => [textCell(name === '' ? title : name), cellOf(value)]);
  return [{ title, columns: ['field', 'value'], rows }];
}

function tableOf(
  title: string,
  rows: readonly { readonly place: readonly number[]; readonly leaves: Leaves }[],
  parents: readonly string[],
  listNames: readonly string[],
): Section {
  const names = [...new Set(rows.flatMap(({ leaves }) => [...leaves.keys()]))];
  const outer = parents.slice(0, -1).map((parent) => `${parent} row`);
  // rows are numbered where others refer to them, and where a table would have no column at all
  const isBare = rows.length > 0 && outer.length + names.length === 0;
  const numbered = listNames.length > 0 || isBare ? ['row'] : [];
  const places = (place: readonly number[]) => (numbered.length > 0 ? place : place.slice(0, -1));
  return {
    title,
    columns: [...outer, ...numbered, ...names.map((name) => (name === '' ? 'value' : name))],
    rows: rows.map(({ place, leaves }) => [
      ...places(place).map((number) => cellOf(number)),
      ...names.map((name) => (leaves.has(name) ? cellOf(leaves.get(name)) : EMPTY)),
    ]),
  };
}

/** Nested objects become dotted names; lists are set aside. */
function flatten(
  value: JsonValue,
  prefix = '',
  into = { leaves: new Map() as Leaves, lists: new Map() as Lists },
) {
  if (Array.isArray(value)) {
    into.lists.set(prefix, value);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      flatten(member, prefix === '' ? key : `${prefix}.${key}`, into);
    }
  } else {
    into.leaves.set(prefix, value);
  }
  return into;
}
