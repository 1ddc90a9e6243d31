import { randomUUID } from 'node:crypto';
import {
  contentHash,
  DawsosError,
  isoDate,
  sha256Hex,
  type JsonObject,
  type PatternDefinition,
  type Principal,
  type Provenance,
  type Run,
} from '@dawsos/contracts';
import { createReport, renderExport, type ExportFile } from '@dawsos/exports';
import type { PatternCatalog } from '@dawsos/patterns';
import {
  blocksOf,
  sourcesOf,
  type DecisionEntry,
  type ExportFormat,
  type GateDecision,
  type RightsAudit,
  type RightsGate,
} from '@dawsos/rights';
import { runNotFound, type Runs } from '@dawsos/runs';

export interface ExportRequest {
  readonly run_id: string;
  readonly format: ExportFormat;
  /** What becomes of the whole when a figure may not leave. */
  readonly on_blocked: 'refuse' | 'omit';
}

export interface ExportOrder {
  readonly body: ExportRequest;
  readonly principal: Principal;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
}

export interface Exported {
  readonly exportId: string;
  /** The key named this export before. */
  readonly replayed: boolean;
  readonly file: ExportFile;
  readonly fileHash: string;
  readonly omitted: readonly string[];
}

export interface ExporterOptions {
  readonly runs: Pick<Runs, 'get'>;
  readonly patterns: Pick<PatternCatalog, 'get'>;
  readonly gate: RightsGate;
  /** @throws DawsosError `pack_not_fresh` where the result may no longer be taken for fresh */
  readonly requireFresh: (run: Run) => Promise<void>;
  readonly audit: RightsAudit;
}

export type ExportRun = (order: ExportOrder) => Promise<Exported>;

type FinishedRun = Run & {
  readonly data: NonNullable<Run['data']>;
  readonly data_hash: string;
  readonly provenance: Provenance;
};

/**
 * Makes the file of a run's result. What was decided is in the audit before the file is handed over, refusals too.
 * The file is made anew each time: equal results give equal bytes, so nothing needs to be kept.
 * @throws DawsosError `run_not_found`, `run_without_result`, `pack_not_fresh`, `pattern_changed`,
 *   `export_blocked`, `idempotency_key_reused`
 */
export function createExportRun({ runs, patterns, gate, requireFresh, audit }: ExporterOptions): ExportRun {
  return async (order) => {
    const { body, principal, requestId, idempotencyKey } = order;
    const bodyHash = contentHash({ ...body });
    // first, so that what an idempotency key named before tells nothing of a run to who may not read it
    const run = requireResult(await runs.get(principal, body.run_id));
    const before = idempotencyKey === null ? undefined : await audit.findExport(principal.id, idempotencyKey);
    if (before !== undefined && before.bodyHash !== bodyHash) throw keyReused();
    await requireFresh(run);
    const pattern = requirePattern(patterns, run);
    const decision = gate.judge(sourcesOf(run), { action: 'export', format: body.format });
    const record = (entry: Pick<DecisionEntry, 'outcome' | 'reason' | 'file'>): Promise<void> =>
      audit.record({ principalId: principal.id, requestId, run, decision, ...entry });

    const refusal = refusalOf(decision, pattern, body);
    if (refusal !== undefined) {
      await record({ outcome: 'refused', reason: refusal.message });
      throw refusal;
    }
    const file = await renderExport(reportOf(run, pattern, decision), body.format);
    const fileHash = sha256Hex(file.bytes);
    const omitted = decision.figures.flatMap(({ allowed, figure }) => (allowed ? [] : [figure]));
    // a repeat of what was handed out already is the same export; another file is another one
    if (before?.hash === fileHash)
      return { exportId: before.exportId, replayed: true, file, fileHash, omitted };
    const exportId = randomUUID();
    const key = before === undefined ? idempotencyKey : null;
    await record({
      outcome: omitted.length === 0 ? 'allowed' : 'partial',
      file: { exportId, hash: fileHash, idempotencyKey: key, bodyHash },
    });
    const first = key === null ? undefined : await audit.findExport(principal.id, key);
    if (first !== undefined && first.bodyHash !== bodyHash) throw keyReused();
    const kept = first?.exportId ?? exportId;
    return { exportId: kept, replayed: kept !== exportId, file, fileHash, omitted };
  };
}

function requireResult(run: Run | undefined): FinishedRun {
  if (run === undefined) throw runNotFound();
  const { data, data_hash, provenance } = run;
  if (data === undefined || data_hash === undefined || provenance === undefined) {
    throw new DawsosError('run_without_result', `The run is ${run.status}; there is nothing to export.`, {
      extensions: { run_id: run.run_id, status: run.status },
    });
  }
  return { ...run, data, data_hash, provenance };
}

function requirePattern(patterns: Pick<PatternCatalog, 'get'>, run: Run): PatternDefinition {
  const definition = patterns.get(run.pattern_id)?.definition;
  if (definition?.version === run.pattern_version) return definition;
  throw new DawsosError(
    'pattern_changed',
    `The run is of ${run.pattern_id} ${run.pattern_version}, which is no longer here; run it again and export that.`,
  );
}

/** Why nothing is handed out, if so. */
function refusalOf(
  decision: GateDecision,
  pattern: PatternDefinition,
  { format, on_blocked }: ExportRequest,
): DawsosError | undefined {
  if (!(pattern.rights?.export ?? []).includes(format)) {
    return new DawsosError(
      'export_blocked',
      `The pattern ${pattern.id} does not allow export as ${format}. Add it to the pattern's rights.export, or take another format.`,
      { extensions: { figures: [], blocking_sources: [], pattern_id: pattern.id } },
    );
  }
  const blocked = decision.figures.filter(({ allowed }) => !allowed);
  const nothingLeft = blocked.length === decision.figures.length;
  if (blocked.length === 0 || (on_blocked === 'omit' && !nothingLeft)) return undefined;
  const sources = blocksOf(decision);
  const omit = nothingLeft
    ? 'No figure is left to export.'
    : 'Or ask with "on_blocked": "omit" for the rest.';
  return new DawsosError(
    'export_blocked',
    [...sources.map(({ reason, remedy }) => `${reason}. ${remedy}`), omit].join(' '),
    {
      extensions: {
        figures: blocked.map(({ figure, blocks }) => ({
          figure,
          sources: blocks.map(({ source }) => source),
        })),
        blocking_sources: sources.map((block): JsonObject => ({ ...block })),
      },
    },
  );
}

function reportOf(run: FinishedRun, pattern: PatternDefinition, decision: GateDecision) {
  const { provenance } = run;
  return createReport(
    {
      pattern_id: run.pattern_id,
      pattern_version: run.pattern_version,
      portfolio_id: run.portfolio_id,
      asof_date: isoDate(run.asof_date),
      pricing_pack_id: provenance.pricing_pack_id,
      pricing_pack_hash: provenance.pricing_pack_hash,
      ledger_commit_hash: provenance.ledger_commit_hash,
      ledger_plugins_not_run: provenance.ledger_plugins_not_run,
      data_hash: run.data_hash,
    },
    run.data,
    pattern,
    decision,
  );
}

function keyReused(): DawsosError {
  return new DawsosError('idempotency_key_reused', 'The key named another export; use a new one.');
}
