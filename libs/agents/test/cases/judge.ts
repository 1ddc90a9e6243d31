import type { JsonObject, JsonValue } from '@dawsos/contracts';
import type { Answer } from '../in-process';

// Figures are looked for anywhere in an answer, by key or by the end of a path, so that a figure may move.

type Row = Readonly<Record<string, JsonValue>>;
type Seen = JsonValue | undefined;

const isRow = (node: Seen): node is JsonObject =>
  typeof node === 'object' && node !== null && !Array.isArray(node);

/** Every object and list of an answer, with its path. */
export function* walk(node: Seen, path = ''): Generator<readonly [string, JsonObject | JsonValue[]]> {
  if (typeof node !== 'object' || node === null) return;
  yield [path, node as JsonObject | JsonValue[]];
  if (Array.isArray(node)) for (const one of node as JsonValue[]) yield* walk(one, path);
  else for (const [key, one] of Object.entries(node)) yield* walk(one, `${path}.${key}`);
}

/** All objects of an answer. */
export const objects = (node: Seen): Row[] => [...walk(node)].flatMap(([, one]) => (isRow(one) ? [one] : []));

/** A value as text. */
export const plain = (value: Seen): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** The objects that have all these members (a value, or a test) and one key of each list in `having`. */
export function rows(
  node: Seen,
  members: Readonly<Record<string, string | number | RegExp>>,
  ...having: readonly (readonly string[])[]
): Row[] {
  return objects(node).filter(
    (row) =>
      Object.entries(members).every(([key, wanted]) =>
        wanted instanceof RegExp ? wanted.test(plain(row[key])) : plain(row[key]) === String(wanted),
      ) && having.every((keys) => keys.some((key) => key in row)),
  );
}

/** The first of the keys that an object has a value of. */
export function fig(row: Seen, ...keys: readonly string[]): JsonValue {
  if (!isRow(row)) return null;
  for (const key of keys) {
    const value = row[key];
    if (value !== undefined && value !== null) return value;
  }
  return null;
}

/** The first value whose path ends like one of these. */
export function at(node: Seen, ...ends: readonly string[]): JsonValue {
  for (const end of ends) {
    const parts = end.split('.');
    const last = parts.pop() ?? '';
    const ending = `${parts.map((part) => `.${part}`).join('')}.`;
    for (const [path, row] of walk(node)) {
      const value = isRow(row) ? row[last] : undefined;
      if (value !== undefined && value !== null && `${path}.`.endsWith(ending)) return value;
    }
  }
  return null;
}

const numberOf = (value: Seen): number =>
  value === null || value === undefined || value === '' || isRow(value) ? NaN : Number(value);

/** The number, within a relative tolerance (absolute below 1). */
export const near = (got: Seen, want: number, tolerance = 1e-6): boolean =>
  Math.abs(numberOf(got) - want) <= tolerance * Math.max(1, Math.abs(want));

export const between = (got: Seen, low: number, high: number): boolean =>
  numberOf(got) >= low && numberOf(got) <= high;

const TOLD = /gap|warning|notice|note|left_out|refus|problem|caveat|unknown|missing|without/i;
const isCoded = (node: Seen): node is JsonObject =>
  isRow(node) && 'code' in node && ['detail', 'message', 'reason'].some((key) => key in node);

/** All that an answer says of what it cannot tell, a line each: the run's error, gaps, warnings. */
export function told({ status, data, error }: Answer): string[] {
  const lines = status === 'failed' ? [JSON.stringify(error)] : [];
  for (const [path, node] of walk(data)) {
    if (isCoded(node)) lines.push(JSON.stringify(node));
    else if (Array.isArray(node) && TOLD.test(path.split('.').at(-1) ?? ''))
      for (const one of node) if (!isCoded(one)) lines.push(JSON.stringify(one));
  }
  return lines;
}

/** True where a gap, a warning or a refusal says all of these. */
export const says = (answer: Answer, ...words: readonly RegExp[]): boolean =>
  told(answer).some((line) => words.every((word) => word.test(line)));

export const ran = ({ status }: Answer): boolean => status === 'succeeded';

/** A failed run that names the thing. */
export const refused = (answer: Answer, ...words: readonly RegExp[]): boolean =>
  !ran(answer) && says(answer, ...words);

const GAIN = ['gain_base', 'realised_gain_base', 'gain', 'realised_gain'];

/** Rows with proceeds and a gain and what was sold. */
export const sales = ({ data }: Answer, commodity: string): Row[] =>
  rows(data, { commodity }, ['proceeds_base', 'proceeds'], GAIN);

/** Rows with a cost and a value of today. */
export const lots = ({ data }: Answer, commodity: string): Row[] =>
  rows(
    data,
    { commodity },
    ['basis_base', 'cost_base', 'basis'],
    ['value_base', 'market_value_base', 'value'],
    ['units', 'quantity'],
  ).filter((row) => !('proceeds_base' in row) && !('proceeds' in row));

export const proceeds = (sale: Seen): JsonValue => fig(sale, 'proceeds_base', 'proceeds');
export const basis = (row: Seen): JsonValue => fig(row, 'basis_base', 'cost_base', 'basis');
export const gain = (row: Seen): JsonValue =>
  fig(row, 'gain_base', 'realised_gain_base', 'unrealised_gain_base', 'gain', 'realised_gain');
export const worth = (row: Seen): JsonValue => fig(row, 'value_base', 'market_value_base', 'value');
export const disallowed = (sale: Seen): JsonValue => fig(sale, 'disallowed_base', 'disallowed') ?? 0;
export const recognised = (sale: Seen): JsonValue => fig(sale, 'recognised_base', 'recognised') ?? gain(sale);

export const sum = (list: readonly Row[], of: (row: Row) => JsonValue): number =>
  list.reduce((total, row) => total + Number(of(row)), 0);

export const isSale = (sale: Seen, received: number, cost: number, gained: number): boolean =>
  near(proceeds(sale), received) && near(basis(sale), cost) && near(gain(sale), gained);

export const isLot = (lot: Seen, cost: number, value: number, gained = value - cost): boolean =>
  near(basis(lot), cost) && near(worth(lot), value) && near(gain(lot), gained);

/** The row of a commodity in the lists of positions. */
export function position({ data }: Answer, commodity: string): Row | undefined {
  const held = rows(data, { commodity }, ['value'], ['quantity', 'is_cash', 'cost_basis', 'unrealised_gain']);
  return (
    held.find((row) => 'quantity' in row || 'is_cash' in row) ??
    rows(data, { commodity }, ['value', 'value_base'])[0]
  );
}

export const total = ({ data }: Answer): JsonValue => at(data, 'valued_positions.total_value', 'total_value');

export const twr = ({ data }: Answer): JsonValue =>
  at(data, 'perf_metrics.twr', 'performance.twr', 'twr', 'time_weighted_return');

export const xirr = ({ data }: Answer): JsonValue => at(data, 'mwr.mwr_annualised', 'mwr_annualised', 'xirr');

export function drawdown({ data }: Answer): JsonValue {
  const found = at(data, 'perf_metrics.max_drawdown', 'max_drawdown', 'drawdown');
  return isRow(found) ? fig(found, 'depth', 'value', 'fraction') : found;
}

/** What a holding added to the portfolio's return. */
export const contribution = ({ data }: Answer): Row | undefined =>
  objects(data).find((row) => 'profit' in row && ('contribution' in row || 'rest' in row));

/** The part of an answer that a failing line shows. */
export const state = (answer: Answer): string[] => {
  const lines = told(answer);
  return lines.length === 0 ? [`${answer.status}, nothing said`] : lines;
};
