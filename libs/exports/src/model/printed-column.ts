import { Decimal, pick, ZERO, type PanelFormat } from '@dawsos/contracts';
import { roundedToTotal } from './add-up';
import type { Cell, Row } from './document';
import {
  cellOf,
  GAP_CELL,
  isNumeric,
  NO_CELL,
  numberCell,
  numberOf,
  placesOf,
  rounded,
  scaled,
  textCell,
} from './printed';

export interface ColumnPlan {
  readonly field: string;
  readonly title: string;
  readonly format: PanelFormat;
  /** The row's field with the code that is printed behind its amount. */
  readonly currencyField: string | null;
  readonly currency: string | null;
  readonly total: boolean;
  readonly madeOf: readonly string[];
  readonly noMeaningIf: string | null;
}

/** A row of the table to be, and the rows of the result that it stands for. */
export interface PlannedRow {
  readonly role: Row['role'];
  /** The text of a row that stands for several. */
  readonly label: string | null;
  readonly values: readonly unknown[];
}

/** A cell and the number as printed, of a share its percent. */
export interface PrintedCell {
  readonly cell: Cell;
  readonly printed: Decimal | null;
}

interface Others {
  readonly plans: readonly ColumnPlan[];
  readonly cells: readonly (readonly PrintedCell[])[];
}

/** The cells of a column, from top to bottom. `others`: the columns that this one is made of. */
export function printedColumn(
  plan: ColumnPlan,
  rows: readonly PlannedRow[],
  isFirst: boolean,
  others?: Others,
): PrintedCell[] {
  if (!isNumeric(plan.format)) {
    return rows.map((row) => none(labelled(row, isFirst) ?? fieldCell(plan, row)));
  }
  const exact = rows.map((row) => exactOf(plan, row));
  const places = columnPlaces(plan, exact);
  const targets = plan.total ? roundedTogether(plan, rows, exact, places) : [];
  return rows.map((row, index): PrintedCell => {
    const value = exact[index];
    if (value === undefined) return none(labelled(row, isFirst) ?? NO_CELL);
    if (value === null) return none(GAP_CELL);
    if (value === 'text') return none(fieldCell(plan, row));
    const made = others === undefined ? undefined : madeOf(plan, others, index);
    const code = plan.currencyField === null ? null : codeOf(row, plan.currencyField);
    const own = places ?? placesOf(value, plan.format, code ?? plan.currency);
    const printed = made ?? targets[index] ?? rounded(value, plan.format, own);
    return { cell: numberCell(value, printed, { format: plan.format, places: own, code }), printed };
  });
}

const none = (cell: Cell): PrintedCell => ({ cell, printed: null });

function labelled({ label }: PlannedRow, isFirst: boolean): Cell | null {
  if (label === null) return null;
  return isFirst ? textCell(label) : NO_CELL;
}

function fieldCell({ field, format }: ColumnPlan, { values }: PlannedRow): Cell {
  return cellOf(fieldOf(values[0], field), { format });
}

const fieldOf = (row: unknown, field: string): unknown => (field === '' ? row : pick(row, field));

function codeOf({ values }: PlannedRow, field: string): string | null {
  const code = pick(values[0], field);
  return typeof code === 'string' ? code : null;
}

/** The number of a row or the sum of those it stands for; undefined: an empty cell, null: a gap. */
function exactOf(plan: ColumnPlan, row: PlannedRow): Decimal | null | 'text' | undefined {
  const isSum = row.label !== null;
  if (isSum && !plan.total) return undefined;
  const { noMeaningIf } = plan;
  const told = row.values.filter((value) => noMeaningIf === null || pick(value, noMeaningIf) !== true);
  // a sum beside one that holds more rows would not add up across
  if (told.length === 0 || (isSum && told.length < row.values.length)) return undefined;
  const numbers = told.map((value) => fieldOf(value, plan.field));
  if (!isSum) {
    const [value] = numbers;
    if (value === null || value === undefined) return null;
    return numberOf(value) ?? 'text';
  }
  if (row.role === 'partial') return partialSum(numbers);
  return numbers.reduce<Decimal | null>((sum, value) => {
    const number = numberOf(value);
    return sum === null || number === null ? null : sum.plus(number);
  }, ZERO);
}

/** The sum of the numbers that can be told, where some cannot; an empty cell where all or none can. */
function partialSum(values: readonly unknown[]): Decimal | undefined {
  const told = values.map(numberOf).filter((number) => number !== null);
  if (told.length === values.length || told.length === 0) return undefined;
  return told.reduce<Decimal>((sum, number) => sum.plus(number), ZERO);
}

/**
 * One precision for a column of prices or ratios: that of the figure that needs most places, within reason. Quantities
 * stand as booked, and amounts in several currencies have each its own.
 */
function columnPlaces(plan: ColumnPlan, exact: readonly unknown[]): number | null {
  const isAmount = plan.format === 'money' || plan.format === 'change';
  if (plan.format === 'quantity' || (isAmount && plan.currencyField !== null)) return null;
  const numbers = exact.filter((value): value is Decimal => value instanceof Decimal);
  const wanted = numbers.map((value) => placesOf(value, plan.format, plan.currency));
  const most = Math.max(0, ...wanted);
  return most <= 6 ? most : null;
}

/** Total, then what it is made of, then the rows of each: each level is rounded to the one above. */
function roundedTogether(
  plan: ColumnPlan,
  rows: readonly PlannedRow[],
  exact: readonly (Decimal | null | 'text' | undefined)[],
  columnPlaces: number | null,
): readonly (Decimal | undefined)[] {
  const result: (Decimal | undefined)[] = rows.map(() => undefined);
  const places = columnPlaces ?? 2;
  const spread = (parent: number, children: readonly number[]): void => {
    const total = exact[parent];
    const parts = children.map((child) => exact[child]);
    const numbers = parts.filter((part): part is Decimal => part instanceof Decimal);
    if (!(total instanceof Decimal) || numbers.length < parts.length) return;
    const printed = result[parent] ?? rounded(total, plan.format, places);
    result[parent] = printed;
    roundedToTotal(
      numbers.map((number) => scaled(number, plan.format)),
      printed,
      places,
    ).forEach((number, index) => {
      const child = children[index];
      if (child !== undefined) result[child] = number;
    });
  };
  const at = (...roles: readonly Row['role'][]): number[] =>
    rows.flatMap(({ role }, index) => (roles.includes(role) ? [index] : []));
  const told = (index: number): boolean => exact[index] !== undefined;
  const subtotal = at('subtotal')[0];
  const total = at('total')[0];
  const tops = at('group', 'plain', 'rest').filter(told);
  const before = subtotal === undefined ? [] : tops.filter((index) => index < subtotal);
  const after = tops.filter((index) => !before.includes(index));
  if (total !== undefined && told(total)) {
    spread(total, subtotal !== undefined && told(subtotal) ? [subtotal, ...after] : tops);
  }
  if (subtotal !== undefined && told(subtotal)) spread(subtotal, before);
  for (const group of at('group')) {
    const end = rows.findIndex(({ role }, index) => index > group && role !== 'inner');
    const inner = rows.map((_, index) => index).slice(group + 1, end < 0 ? rows.length : end);
    spread(group, inner.filter(told));
  }
  return result;
}

/** Undefined where one of the others has no number. */
function madeOf({ madeOf: parts }: ColumnPlan, { plans, cells }: Others, row: number): Decimal | undefined {
  let sum = ZERO;
  for (const part of parts) {
    const field = part.replace(/^-/, '');
    const column = plans.findIndex((plan) => plan.field === field);
    const printed = cells[column]?.[row]?.printed;
    if (printed === null || printed === undefined) return undefined;
    sum = part.startsWith('-') ? sum.minus(printed) : sum.plus(printed);
  }
  return sum;
}
