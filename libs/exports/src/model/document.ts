import type { PanelFormat } from '@dawsos/contracts';

/** What a cell holds, exactly: a spreadsheet takes this, a page the text that stands beside it. */
export type CellValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'date'; readonly date: string }
  | {
      readonly kind: 'number';
      readonly exact: string;
      readonly format: PanelFormat;
      readonly places: number;
      /** The code of an amount that is not in its column's currency. */
      readonly code: string | null;
    };

export interface Cell {
  /** As printed: rounded once, with its sign, its unit and its currency where that is not the column's. */
  readonly text: string;
  readonly value: CellValue;
}

export interface Column {
  /** With the unit of its cells, where they share one: `Value, CAD`. */
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface Row {
  /**
   * `group` heads the rows below it, `inner` stands under a group, `rest` stands for rows that are not shown, `partial`
   * adds up what can be told where the total is a gap.
   */
  readonly role: 'plain' | 'group' | 'inner' | 'subtotal' | 'rest' | 'total' | 'partial';
  readonly cells: readonly Cell[];
}

export interface TableBlock {
  readonly kind: 'table';
  readonly title: string | null;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Rows beyond those that a document for people shows; spreadsheets have them. */
  readonly rowsLeftOut: number;
}

export interface Fact {
  readonly title: string;
  readonly cell: Cell;
  readonly note: string | null;
}

export interface FactsBlock {
  readonly kind: 'facts';
  readonly title: string | null;
  readonly facts: readonly Fact[];
}

export interface Bar {
  readonly label: string;
  readonly cell: Cell;
  readonly share: Cell;
  /** Between −1 and 1: its length, as a part of the longest. */
  readonly length: number;
}

export interface BarsBlock {
  readonly kind: 'bars';
  readonly title: string | null;
  readonly unit: string | null;
  readonly bars: readonly Bar[];
}

export interface LinePoint {
  readonly date: string;
  readonly cell: Cell;
}

export interface LineBlock {
  readonly kind: 'line';
  readonly title: string | null;
  readonly format: PanelFormat;
  readonly unit: string | null;
  readonly points: readonly LinePoint[];
}

/** Value over time, what was paid in, and the fall from the highest point. */
export interface HistoryBlock {
  readonly kind: 'history';
  readonly title: string | null;
  readonly unit: string | null;
  readonly points: readonly {
    readonly date: string;
    readonly value: Cell;
    readonly flow: Cell;
    /** Paid in up to and with this day, less what was taken out. */
    readonly paidIn: Cell;
    readonly drawdown: Cell;
  }[];
  /** The span that the document is about, where the points reach further back. */
  readonly period: { readonly start: string; readonly end: string } | null;
}

export interface BridgePart {
  readonly label: string;
  readonly note: string;
  readonly cell: Cell;
  readonly role: 'total' | 'paid' | 'earned';
}

/** From opening to closing value: the parts between add up to the difference as printed. */
export interface BridgeBlock {
  readonly kind: 'bridge';
  readonly title: string | null;
  readonly unit: string | null;
  readonly parts: readonly BridgePart[];
}

export interface TextBlock {
  readonly kind: 'text';
  readonly text: string;
  readonly role: 'body' | 'note' | 'withheld' | 'code';
}

export type Block = (
  TableBlock | FactsBlock | BarsBlock | LineBlock | HistoryBlock | BridgeBlock | TextBlock
) & {
  readonly width?: 'half' | 'full';
};

export interface Section {
  readonly id: string;
  readonly title: string;
  /** Stands at the right of the title: the unit or the day. */
  readonly aside: string | null;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  /** What it is, such as "Portfolio report". */
  readonly kind: string;
  /** Whom or what it is about. */
  readonly name: string;
  readonly owner: string | null;
  readonly layout: 'report' | 'one_page';
  readonly about: readonly (readonly [label: string, value: string])[];
  readonly keyFigures: readonly Fact[];
  readonly summary: string;
  readonly sections: readonly Section[];
}
