import { pick } from '@dawsos/contracts';
import { answerOf } from './model/answer';
import type { ReportDocument, Section } from './model/document';
import { resultSections } from './model/result-sections';
import { figureOf } from './model/stated';
import { surroundingsOf, type Surroundings } from './model/surroundings';
import { bareSections } from './bare-sections';
import { closingNote, closingSections } from './closing-sections';
import { gapNotice, type Report, type ReportFigure } from './report';

/** The report as a document: what it is about, the answer, the pattern's panels in their order, and what it rests on. */
export function documentOf(report: Report, { full = false } = {}): ReportDocument {
  const { presentation } = report;
  const data = dataOf(report);
  const around = surroundingsOf(Object.values(data));
  const body = bodyOf(report, data, around, full);
  return {
    kind: report.title,
    name: subjectOf(report, data) ?? around.portfolioName ?? report.portfolioId ?? nameOfNone(report, around),
    owner: around.owner,
    layout: presentation?.layout ?? 'report',
    about: aboutOf(report, around),
    ...answerOf(presentation ?? {}, data, around),
    sections: [
      ...body,
      ...(presentation?.layout === 'one_page' && !full
        ? [closingNote(report, data)]
        : closingSections(report, data, body)),
    ],
  };
}

/** A result without a base currency is of no portfolio: of a company, or the economy. */
const nameOfNone = ({ title }: Report, { baseCurrency }: Surroundings): string =>
  baseCurrency === null ? title : 'The whole ledger';

function subjectOf({ presentation }: Report, data: Readonly<Record<string, unknown>>): string | null {
  const subject = presentation?.subject === undefined ? null : pick(data, presentation.subject);
  return typeof subject === 'string' && subject !== '' ? subject : null;
}

export function dataOf({ figures }: Report): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    figures.flatMap((figure) => ('blocks' in figure ? [] : [[figure.name, figure.value]])),
  );
}

function bodyOf(
  report: Report,
  data: Readonly<Record<string, unknown>>,
  around: Surroundings,
  full: boolean,
): readonly Section[] {
  const { presentation, figures } = report;
  // a workbook has each such figure on sheets of its own, whole
  if (presentation === null) return bareSections(full ? figures.filter(isWithheld) : figures);
  const withheld = new Map(
    figures.flatMap((figure) =>
      'blocks' in figure ? [[figure.name, gapNotice(figure.blocks)] as const] : [],
    ),
  );
  const shown = resultSections(presentation, data, { around, full, withheld });
  const named = new Set(presentation.panels.map(({ source }) => figureOf(source)));
  // what no panel shows is left to the other formats; that it may not leave at all is said
  return [
    ...shown,
    ...bareSections(figures.filter((figure) => isWithheld(figure) && !named.has(figure.name))),
  ];
}

const isWithheld = (figure: ReportFigure): boolean => 'blocks' in figure;

function aboutOf(report: Report, around: Surroundings): ReportDocument['about'] {
  const { period, baseCurrency, benchmark } = around;
  return [
    ...(period === null ? [] : [['Period', `${period.start} to ${period.end}`] as const]),
    ['As of the close of', report.asofDate],
    ...(baseCurrency === null ? [] : [['Base currency', baseCurrency] as const]),
    ...(benchmark === null ? [] : [['Benchmark', benchmark] as const]),
  ];
}
