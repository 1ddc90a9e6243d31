import type { IsoDate, JsonObject, JsonValue, PatternDefinition, Presentation } from '@dawsos/contracts';
import type { Block, GateDecision } from '@dawsos/rights';

/** A figure of a result as it leaves: whole, or as a gap that says why. */
export type ReportFigure =
  | { readonly name: string; readonly sources: readonly string[]; readonly value: JsonValue }
  | { readonly name: string; readonly sources: readonly string[]; readonly blocks: readonly Block[] };

/**
 * What an exported file says, whatever its format. It holds nothing of the single run (no id, no time of day), so
 * that equal results give equal files.
 */
export interface Report {
  readonly title: string;
  readonly portfolioId: string | null;
  readonly asofDate: IsoDate;
  readonly patternId: string;
  /** What the result rests on: label and value. */
  readonly pins: readonly (readonly [label: string, value: string])[];
  /** In the pattern's order. */
  readonly figures: readonly ReportFigure[];
  readonly presentation: Presentation | null;
  readonly attributions: readonly string[];
  readonly watermarks: readonly string[];
  readonly notForRedistribution: readonly string[];
}

export interface ReportedRun {
  readonly pattern_id: string;
  readonly pattern_version: string;
  readonly portfolio_id: string | null;
  readonly asof_date: IsoDate;
  readonly pricing_pack_id: string;
  readonly pricing_pack_hash: string;
  readonly ledger_commit_hash: string;
  /** The plugins of the ledger that are accepted although they may change what it holds. */
  readonly ledger_plugins_not_run?: readonly string[];
  readonly data_hash: string;
}

/** Puts together what may leave; the caller has refused already where a gap is not wanted. */
export function createReport(
  run: ReportedRun,
  data: JsonObject,
  pattern: Pick<PatternDefinition, 'name'> & Partial<Pick<PatternDefinition, 'presentation' | 'outputs'>>,
  decision: GateDecision,
): Report {
  return {
    title: pattern.presentation?.title ?? pattern.name,
    portfolioId: run.portfolio_id,
    asofDate: run.asof_date,
    patternId: run.pattern_id,
    pins: [
      ['Portfolio', run.portfolio_id ?? 'the whole ledger'],
      ['As of', run.asof_date],
      ['Pattern', `${run.pattern_id} ${run.pattern_version}`],
      ['Pricing pack', `${run.pricing_pack_id} ${run.pricing_pack_hash}`],
      ['Ledger commit', run.ledger_commit_hash],
      ...notRun(run.ledger_plugins_not_run ?? []),
      ['Result', `sha256:${run.data_hash}`],
    ],
    figures: inOrder(decision.figures, pattern.outputs ?? []).map(
      ({ figure, sources, allowed, blocks }): ReportFigure =>
        allowed ? { name: figure, sources, value: data[figure] ?? null } : { name: figure, sources, blocks },
    ),
    presentation: pattern.presentation ?? null,
    attributions: decision.attributions,
    watermarks: decision.watermarks,
    notForRedistribution: decision.notForRedistribution,
  };
}

function notRun(plugins: readonly string[]): Report['pins'] {
  return plugins.length === 0 ? [] : [['Ledger plugins not run', plugins.join(', ')]];
}

/** A store may hand a result's figures out in another order than the pattern names them in. */
function inOrder(figures: GateDecision['figures'], outputs: readonly string[]): GateDecision['figures'] {
  const place = (name: string): number => {
    const index = outputs.indexOf(name);
    return index < 0 ? outputs.length : index;
  };
  return [...figures].sort((a, b) => place(a.figure) - place(b.figure));
}

/** What stands in a gap. */
export function gapNotice(blocks: readonly Block[]): string {
  const reasons = blocks.map(({ reason, remedy }) => `${reason}. ${remedy}`);
  return `Left out: ${reasons.join(' ')}`;
}

/** The lines below the figures, in every format. */
export function footerLines(report: Report): readonly string[] {
  const { attributions, notForRedistribution } = report;
  if (notForRedistribution.length === 0) return attributions;
  return [...attributions, `Not to be passed on: holds data of ${notForRedistribution.join(', ')}.`];
}

/** `portfolio_overview-growth-2025-10-22.pdf`: the same for equal results, and safe in any file system. */
export function fileNameOf(report: Report, extension: string): string {
  const parts = [report.patternId, report.portfolioId ?? 'all', report.asofDate];
  return `${parts.map((part) => part.replaceAll(/[^A-Za-z0-9_.-]/g, '_')).join('-')}.${extension}`;
}
