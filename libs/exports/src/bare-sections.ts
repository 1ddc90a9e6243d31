import type { Section, TableBlock } from './model/document';
import { NO_CELL, textCell } from './model/printed';
import { gapNotice, type ReportFigure } from './report';
import { sectionsOf, type Section as FigureTable } from './sections';

/** The rows shown of a figure that the pattern does not present: enough to see what it is. */
const MOST_ROWS = 20;

/** Figures of which the pattern does not say how to show them, as the tables that they are. */
export function bareSections(figures: readonly ReportFigure[]): readonly Section[] {
  return figures.flatMap((figure): readonly Section[] => {
    const { name } = figure;
    if ('blocks' in figure) {
      return [
        {
          id: name,
          title: name,
          aside: null,
          blocks: [{ kind: 'text', role: 'withheld', text: gapNotice(figure.blocks) }],
        },
      ];
    }
    // a part that the run was asked to leave out
    if (figure.value === null) return [];
    return sectionsOf(name, figure.value).map((table) => ({
      id: name,
      title: table.title,
      aside: null,
      blocks: [bareTable(table)],
    }));
  });
}

function bareTable({ columns, rows }: FigureTable): TableBlock {
  const numeric = columns.map((_, index) => rows.some((row) => row[index]?.kind === 'number'));
  return {
    kind: 'table',
    title: null,
    columns: columns.map((title, index) => ({
      title,
      align: numeric[index] === true ? 'right' : 'left',
    })),
    rows: rows.slice(0, MOST_ROWS).map((row) => ({
      role: 'plain',
      cells: row.map(({ kind, text }) => (kind === 'none' ? NO_CELL : textCell(text))),
    })),
    rowsLeftOut: Math.max(0, rows.length - MOST_ROWS),
  };
}
