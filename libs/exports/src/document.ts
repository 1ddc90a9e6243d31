import { pick } from '@dawsos/contracts';
import type { Fact, ReportDocument, Section } from './model/document';
import { cellOf } from './model/printed';
import { resultSections } from './model/result-sections';
import { sentence } from './model/sentence';
import { figureOf } from './model/stated';
import { currencyOf, surroundingsOf, type Surroundings } from './model/surroundings';
import { bareSections } from './bare-sections';
import { closingSections } from './closing-sections';
import { gapNotice, type Report, type ReportFigure } from './report';

/** The report as a document: what it is about, the answer, the pattern's panels in their order, and what it rests on. */
export function documentOf(report: Report, { full = false } = {}): ReportDocument {
  const { presentation } = report;
  const data = dataOf(report);
  const around = surroundingsOf(Object.values(data));
  const body = bodyOf(report, data, around, full);
  return {
    kind: report.title,
    name: around.portfolioName ?? report.portfolioId ?? 'The whole ledger',
    owner: around.owner,
    layout: presentation?.layout ?? 'report',
    about: aboutOf(report, around),
    keyFigures: keyFiguresOf(report, data, around),
    summary: (presentation?.summary ?? [])
      .flatMap((template) => sentence(template, data, around.baseCurrency) ?? [])
      .join(' '),
    sections: [...body, ...closingSections(report, data, body)],
  };
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
    figures.flatMap((figure) => ('blocks' in figure ? [[figure.name, gapNotice(figure.blocks)] as const] : [])),
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

function keyFiguresOf(
  { presentation }: Report,
  data: Readonly<Record<string, unknown>>,
  around: Surroundings,
): readonly Fact[] {
  return (presentation?.key_figures ?? []).flatMap(({ title, source, format = 'text', note }): Fact[] => {
    const figure = figureOf(source);
    if (data[figure] === undefined || data[figure] === null) return [];
    const currency = currencyOf(data[figure], around);
    const isAmount = format === 'money' || format === 'change';
    return [
      {
        title,
        cell: cellOf(pick(data, source), { format, code: isAmount ? currency : null }),
        note: note === undefined ? null : sentence(note, data, currency),
      },
    ];
  });
}
