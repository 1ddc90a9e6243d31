import {
  isComplete,
  isFinal,
  ProblemSchema,
  ProvenanceSchema,
  RunFreshnessSchema,
  type JsonObject,
  type Run,
  type RunEvent,
  type RunEventType,
  type RunStatus,
  type RunStep,
  type StepStatus,
} from '@dawsos/contracts';

export interface PlannedStep {
  readonly stepIndex: number;
  readonly stepId: string;
  readonly capability: string;
}

export interface StepRow {
  readonly step_index: number;
  readonly status: StepStatus;
  readonly started_at: string | null;
  readonly duration_ms: number | null;
  readonly cached: boolean;
  readonly error_code: string | null;
}

export interface RunRow {
  readonly run_id: string;
  readonly status: RunStatus;
  readonly pattern_id: string;
  readonly pattern_version: string;
  readonly portfolio_id: string | null;
  readonly asof_date: string;
  readonly pricing_pack_id: string;
  readonly pack_status: string;
  readonly ledger_commit_hash: string;
  readonly request_id: string;
  readonly trace_id: string | null;
  readonly attempt: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly awaits_pack: string | null;
  readonly awaits_until: Date | null;
  readonly freshness: unknown;
  readonly valid_until: Date | null;
  readonly plan: readonly PlannedStep[];
  readonly steps: readonly StepRow[] | null;
  readonly data?: string | null;
  readonly data_hash: string | null;
  readonly provenance?: unknown;
  readonly error: unknown;
}

/** A run as the API shows it, from its row. */
export function toRun(row: RunRow): Run {
  return {
    run_id: row.run_id,
    status: row.status,
    pattern_id: row.pattern_id,
    pattern_version: row.pattern_version,
    portfolio_id: row.portfolio_id,
    asof_date: row.asof_date,
    pricing_pack_id: row.pricing_pack_id,
    pack_status: row.pack_status,
    ledger_commit_hash: row.ledger_commit_hash,
    request_id: row.request_id,
    trace_id: row.trace_id,
    ...(row.awaits_pack === null || row.awaits_until === null
      ? {}
      : { awaiting: { pack_id: row.awaits_pack, until: row.awaits_until.toISOString() } }),
    ...(row.freshness == null ? {} : { freshness: RunFreshnessSchema.parse(row.freshness) }),
    valid_until: row.valid_until?.toISOString() ?? null,
    attempts: row.attempt,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
    steps: toSteps(row),
    ...(typeof row.data === 'string' ? resultOf(row.data) : {}),
    ...(row.data_hash === null ? {} : { data_hash: row.data_hash }),
    ...(row.provenance == null ? {} : { provenance: ProvenanceSchema.parse(row.provenance) }),
    ...(row.error == null ? {} : { error: ProblemSchema.parse(row.error) }),
  };
}

function resultOf(text: string): Pick<Run, 'data' | 'complete'> {
  const data = JSON.parse(text) as NonNullable<Run['data']>;
  return { data, complete: isComplete(data) };
}

/** The plan with what has been recorded of it; what a cancelled run left undone is cancelled. */
function toSteps(row: RunRow): RunStep[] {
  const recorded = new Map((row.steps ?? []).map((step) => [step.step_index, step]));
  return row.plan.map(({ stepIndex, stepId, capability }) => {
    const step = recorded.get(stepIndex);
    const status = step?.status ?? 'pending';
    const undone = status === 'pending' || status === 'running';
    return {
      step_index: stepIndex,
      step_id: stepId,
      capability,
      status: undone && isFinal(row.status) ? 'cancelled' : status,
      started_at: step?.started_at == null ? null : new Date(step.started_at).toISOString(),
      duration_ms: step?.duration_ms ?? null,
      cached: step?.cached ?? false,
      error_code: step?.error_code ?? null,
    };
  });
}

export interface EventRow {
  readonly seq: number;
  readonly type: RunEventType;
  readonly at: string;
  readonly data: JsonObject;
}

/** What of a run stands in its first event. */
export interface EventsOwner extends Pick<RunRow, 'created_at' | 'pattern_id' | 'plan'> {
  /** The pack that it waited for when it was accepted. */
  readonly awaited_pack: string | null;
}

/** Event 1 is the row itself; step events get their step's id and capability from the plan. */
export function toEvents(run: EventsOwner, rows: readonly EventRow[], afterSeq: number): RunEvent[] {
  const accepted: RunEvent = {
    seq: 1,
    type: 'run.accepted',
    at: run.created_at.toISOString(),
    data: {
      pattern_id: run.pattern_id,
      steps: run.plan.length,
      ...(run.awaited_pack === null ? {} : { awaiting_pack: run.awaited_pack }),
    },
  };
  const later = rows.map((row): RunEvent => {
    const step = run.plan.find(({ stepIndex }) => stepIndex === row.data['step_index']);
    const named = step === undefined ? {} : { step_id: step.stepId, capability: step.capability };
    return {
      seq: row.seq,
      type: row.type,
      at: new Date(row.at).toISOString(),
      data: { ...row.data, ...named },
    };
  });
  return afterSeq < 1 ? [accepted, ...later] : later;
}
