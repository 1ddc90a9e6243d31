import { canonicalJson, type JsonObject } from '@dawsos/contracts';
import { gapNotice, type Report } from './report';

/** The report as canonical JSON: the figures as the run has them, and null with a notice for each gap. */
export function renderJson(report: Report): Buffer {
  const figures = report.figures.map((figure) => [figure.name, 'blocks' in figure ? null : figure.value]);
  const omitted = report.figures.flatMap((figure) =>
    'blocks' in figure
      ? [
          [
            figure.name,
            { notice: gapNotice(figure.blocks), blocks: figure.blocks.map((block) => ({ ...block })) },
          ],
        ]
      : [],
  );
  const document: JsonObject = {
    title: report.title,
    pattern_id: report.patternId,
    portfolio_id: report.portfolioId,
    asof_date: report.asofDate,
    rests_on: Object.fromEntries(report.pins),
    figures: Object.fromEntries(figures) as JsonObject,
    omitted: Object.fromEntries(omitted) as JsonObject,
    attributions: [...report.attributions],
    watermarks: [...report.watermarks],
    not_for_redistribution: [...report.notForRedistribution],
  };
  return Buffer.from(`${canonicalJson(document)}\n`);
}
