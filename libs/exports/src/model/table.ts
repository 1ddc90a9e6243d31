import { pick, ZERO, type Decimal, type Panel, type PanelColumn, type PanelFormat } from '@dawsos/contracts';
import type { Cell, Column, Row, TableBlock } from './document';
import { printedColumn, type ColumnPlan, type PlannedRow } from './printed-column';
import { formatOf, humanised, isNumeric, isRecord, NO_CELL, numberOf } from './printed';

/** A document is for people: past this, they take another format. */
const MOST_ROWS = 500;

export interface TableSetting {
  readonly baseCurrency: string | null;
  /** All rows, as a spreadsheet has them. */
  readonly full: boolean;
}

type Shaping = Pick<Panel, 'group_by' | 'sort_by' | 'limit' | 'subtotal'>;

/** Rows of a result as a table: sorted, grouped, rounded so that rows and columns add up as printed. */
export function tableOf(
  columns: readonly PanelColumn[] | undefined,
  values: readonly unknown[],
  shaping: Shaping,
  setting: TableSetting,
): Omit<TableBlock, 'title'> {
  const plans = plansOf(columnsWith(columns, values, shaping.group_by, setting.full), setting);
  const sorted = sortedRows(values, shaping.sort_by);
  const { shown, others, leftOut } = limited(sorted, plans, shaping, setting.full);
  const planned = setting.full ? shown.map(leafOf('plain')) : plannedRows(shown, others, plans, shaping);
  const cells = plans.map((plan, index) =>
    plan.madeOf.length > 0 ? [] : printedColumn(plan, planned, index === 0),
  );
  plans.forEach((plan, index) => {
    if (plan.madeOf.length > 0) cells[index] = printedColumn(plan, planned, index === 0, { plans, cells });
  });
  return {
    kind: 'table',
    columns: plans.map(({ title, format }): Column => ({ title, align: alignOf(format) })),
    rows: planned.map(({ role }, row): Row => ({
      role,
      cells: cells.map((column): Cell => column[row]?.cell ?? NO_CELL),
    })),
    rowsLeftOut: leftOut,
  };
}

const alignOf = (format: PanelFormat): 'left' | 'right' => (isNumeric(format) ? 'right' : 'left');

function plansOf(columns: readonly PanelColumn[], { baseCurrency }: TableSetting): readonly ColumnPlan[] {
  return columns.map(({ field, title, format = 'text', currency, total = false, made_of, no_meaning_if }) => {
    const isAmount = format === 'money' || format === 'change';
    const unit = isAmount && currency === undefined ? baseCurrency : null;
    return {
      field,
      title: unit === null ? title : `${title}, ${unit}`,
      format,
      currencyField: currency ?? null,
      currency: isAmount ? baseCurrency : null,
      total: total && isNumeric(format),
      madeOf: made_of ?? [],
      noMeaningIf: no_meaning_if ?? null,
    };
  });
}

/** Without columns, a table shows the single values of its rows. */
function columnsOf(values: readonly unknown[]): readonly PanelColumn[] {
  const first = values.find(isRecord);
  if (first === undefined) return values.length === 0 ? [] : [{ field: '', title: '', format: 'text' }];
  return Object.entries(first)
    .filter(([, value]) => typeof value !== 'object')
    .map(([field, value]) => ({ field, title: humanised(field), format: formatOf(value) }));
}

function sortedRows(values: readonly unknown[], field: string | undefined): readonly unknown[] {
  if (field === undefined) return values;
  return values
    .map((value, index) => ({ value, index, number: numberOf(pick(value, field)) }))
    .sort((a, b) => {
      if (a.number === null || b.number === null) {
        return Number(a.number === null) - Number(b.number === null) || a.index - b.index;
      }
      return b.number.comparedTo(a.number) || a.index - b.index;
    })
    .map(({ value }) => value);
}

interface Limited {
  readonly shown: readonly unknown[];
  /** They become one row, where there is something to add up. */
  readonly others: readonly unknown[];
  readonly leftOut: number;
}

function limited(
  rows: readonly unknown[],
  plans: readonly ColumnPlan[],
  { limit }: Shaping,
  full: boolean,
): Limited {
  const most = full ? rows.length : Math.min(limit ?? MOST_ROWS, MOST_ROWS);
  // one row that says "1 other" would take the place of the row itself
  if (rows.length <= most + (full ? 0 : 1)) return { shown: rows, others: [], leftOut: 0 };
  const rest = rows.slice(most);
  const addsUp = plans.some(({ total }) => total);
  return {
    shown: rows.slice(0, most),
    others: addsUp ? rest : [],
    leftOut: addsUp ? 0 : rest.length,
  };
}

const leafOf =
  (role: Row['role']) =>
  (value: unknown): PlannedRow => ({ role, label: null, values: [value] });

/** A spreadsheet has its rows' group in a column, to sort and to filter by, and no rows between. */
function columnsWith(
  columns: readonly PanelColumn[] | undefined,
  values: readonly unknown[],
  groupBy: string | undefined,
  full: boolean,
): readonly PanelColumn[] {
  const shown = (columns ?? columnsOf(values)).filter(
    ({ optional, field }) =>
      optional !== true || values.some((value) => (pick(value, field) ?? null) !== null),
  );
  if (!full || groupBy === undefined || shown.some(({ field }) => field === groupBy)) return shown;
  return [{ field: groupBy, title: humanised(groupBy), format: 'text' }, ...shown];
}

/** The rows of the table in their order, with what each adds up. */
function plannedRows(
  shown: readonly unknown[],
  others: readonly unknown[],
  plans: readonly ColumnPlan[],
  { group_by, sort_by, subtotal }: Shaping,
): readonly PlannedRow[] {
  const rest: PlannedRow[] =
    others.length === 0 ? [] : [{ role: 'rest', label: `${String(others.length)} others`, values: others }];
  const groups = group_by === undefined ? [] : groupsOf(shown, group_by, sort_by, plans);
  const body =
    group_by === undefined
      ? shown.map(leafOf('plain'))
      : groups.flatMap(({ label, members }) => [
          { role: 'group' as const, label, values: members },
          ...members.map(leafOf('inner')),
        ]);
  const totals = plans.some(({ total }) => total);
  if (!totals || shown.length === 0) return [...body, ...rest];
  const meaningful = (row: PlannedRow): boolean => row.values.every((value) => hasMeaning(value, plans));
  const at = body.findIndex((row) => !meaningful(row));
  const invested = shown.filter((value) => hasMeaning(value, plans));
  const between: PlannedRow[] =
    subtotal !== undefined && at > 0 && invested.length > 0 && others.length === 0
      ? [{ role: 'subtotal', label: subtotal, values: invested }]
      : [];
  const cut = at < 0 ? body.length : at;
  return [
    ...body.slice(0, cut),
    ...between,
    ...body.slice(cut),
    ...rest,
    { role: 'total', label: 'Total', values: [...shown, ...others] },
    ...(hasGap([...shown, ...others], plans)
      ? [{ role: 'partial' as const, label: 'Of what can be told', values: [...shown, ...others] }]
      : []),
  ];
}

/** Whether a total cannot be told for want of one of its numbers. */
const hasGap = (rows: readonly unknown[], plans: readonly ColumnPlan[]): boolean =>
  plans.some(
    ({ total, field, noMeaningIf }) =>
      total &&
      rows.some(
        (row) =>
          (noMeaningIf === null || pick(row, noMeaningIf) !== true) && numberOf(pick(row, field)) === null,
      ),
  );

interface Group {
  readonly label: string;
  readonly members: readonly unknown[];
}

/** The largest group first; those in which a column has no meaning, such as money without a cost, last. */
function groupsOf(
  rows: readonly unknown[],
  field: string,
  sortBy: string | undefined,
  plans: readonly ColumnPlan[],
): readonly Group[] {
  const groups = new Map<string, unknown[]>();
  for (const row of rows) {
    const key = pick(row, field);
    const label = typeof key === 'string' && key !== '' ? humanised(key) : 'Not classified';
    groups.set(label, [...(groups.get(label) ?? []), row]);
  }
  const sum = (members: readonly unknown[]): Decimal =>
    sortBy === undefined
      ? ZERO
      : members.reduce<Decimal>((total, row) => total.plus(numberOf(pick(row, sortBy)) ?? ZERO), ZERO);
  const meaningless = (members: readonly unknown[]): number =>
    Number(members.some((row) => !hasMeaning(row, plans)));
  return [...groups]
    .map(([label, members], index) => ({ label, members, index }))
    .sort(
      (a, b) =>
        meaningless(a.members) - meaningless(b.members) ||
        sum(b.members).comparedTo(sum(a.members)) ||
        a.index - b.index,
    );
}

const hasMeaning = (row: unknown, plans: readonly ColumnPlan[]): boolean =>
  plans.every(({ total, noMeaningIf }) => !total || noMeaningIf === null || pick(row, noMeaningIf) !== true);
