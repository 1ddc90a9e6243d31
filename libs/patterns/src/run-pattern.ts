import {
  DawsosError,
  type InvokeCapability,
  isDawsosError,
  type JsonObject,
  type JsonValue,
  type RunStep,
  type SkippedStep,
  type StepRecord,
  toDawsosError,
} from '@dawsos/contracts';
import { type MetricsRegistry, traceContext } from '@dawsos/observability';
import { holds } from './condition';
import { type PatternPlan, type PlannedStep } from './plan';
import type { PatternContext, Scope } from './reference';
import { runDag } from './run-dag';
import { renderMembers } from './template';

/** News of one step, in the shape in which runs record it. */
export type StepProgress = Pick<RunStep, 'step_index' | 'status' | 'cached' | 'error_code'> & {
  readonly durationMs: number | null;
};

export interface RunPatternOptions {
  /** As parseInputs returned them. */
  readonly inputs: JsonObject;
  readonly ctx: PatternContext;
  readonly invoke: InvokeCapability;
  readonly metrics: Pick<MetricsRegistry, 'timeStep'>;
  /** Aborts the run; its reason is what runPattern throws. */
  readonly signal: AbortSignal;
  /** Steps at work at once. */
  readonly maxParallel: number;
  /** Called in the order in which things happen; must not throw. */
  readonly onStep?: (progress: StepProgress) => void;
}

export interface PatternResult {
  /** By output name; null for a skipped step. */
  readonly data: JsonObject;
  /** `data` as canonical JSON (RFC 8785). */
  readonly dataJson: string;
  /** The records of the steps that ran, in the definition's order. */
  readonly records: readonly StepRecord[];
  /** What it takes to follow a figure back: the skipped steps, and the step behind each output. */
  readonly skipped: readonly SkippedStep[];
  readonly outputs: Readonly<Record<string, string>>;
}

interface StepOutcome {
  readonly value: JsonValue;
  readonly json: string;
  readonly record: StepRecord | undefined;
}

const SKIPPED: StepOutcome = { value: null, json: 'null', record: undefined };

/**
 * Runs a planned pattern: each step once those it waits for are done, independent ones in parallel. A step
 * whose condition does not hold is skipped. The first fault aborts the rest and is thrown.
 * @throws DawsosError the fault of a step, or the reason of `signal`.
 */
export async function runPattern(plan: PatternPlan, options: RunPatternOptions): Promise<PatternResult> {
  const run = new PatternRun(plan, options);
  try {
    await runDag({
      dependencies: plan.steps.map((step) => step.dependencies),
      maxParallel: options.maxParallel,
      signal: options.signal,
      run: (index, signal) => run.step(index, signal),
    });
  } catch (error) {
    run.cancelRest();
    throw options.signal.aborted ? reasonOf(options.signal) : toDawsosError(error);
  }
  return run.result();
}

function reasonOf(signal: AbortSignal): DawsosError {
  return isDawsosError(signal.reason)
    ? signal.reason
    : new DawsosError('run_cancelled', 'the run was cancelled', { cause: signal.reason });
}

class PatternRun {
  private readonly outcomes = new Map<string, StepOutcome>();
  private readonly results = new Map<string, JsonValue>();
  private readonly skipped = new Set<string>();
  private readonly settled = new Set<number>();
  private readonly scope: Scope;

  constructor(
    private readonly plan: PatternPlan,
    private readonly options: RunPatternOptions,
  ) {
    const { inputs, ctx } = options;
    this.scope = { inputs, ctx, results: this.results, skipped: this.skipped };
  }

  async step(index: number, signal: AbortSignal): Promise<void> {
    const step = this.plan.steps[index];
    if (step === undefined) throw new RangeError(`the plan has no step ${index}`);
    const started = performance.now();
    try {
      if (step.condition !== undefined && !holds(step.condition, this.scope, step.id)) {
        this.keep(step, SKIPPED);
        this.skipped.add(step.as);
        this.report(step, { status: 'skipped' });
        return;
      }
      this.report(step, { status: 'running' });
      const { outcome, cached } = await this.invoke(step, signal);
      this.keep(step, outcome);
      this.report(step, { status: 'succeeded', cached, durationMs: performance.now() - started });
    } catch (error) {
      const { code } = toDawsosError(error);
      const status = signal.aborted ? 'cancelled' : 'failed';
      this.report(step, { status, error_code: code, durationMs: performance.now() - started });
      throw error;
    }
  }

  private async invoke(
    step: PlannedStep,
    signal: AbortSignal,
  ): Promise<{ outcome: StepOutcome; cached: boolean }> {
    const { options, plan } = this;
    const attributes = { step_index: step.index, capability: step.capability };
    return traceContext(`step_${step.index}`, attributes, async () =>
      options.metrics.timeStep(plan.definition.id, step.index, step.capability, async () => {
        const { result, resultJson, record, cached } = await options.invoke({
          stepIndex: step.index,
          stepId: step.id,
          capability: step.capability,
          args: renderMembers(step.args, this.scope, step.id),
          dependsOn: this.idsBefore(step),
          timeoutMs: step.timeoutMs,
          retries: step.retries,
          signal,
        });
        return { outcome: { value: result, json: resultJson, record }, cached };
      }),
    );
  }

  private idsBefore({ dependencies }: PlannedStep): string[] {
    return dependencies.flatMap((dependency) => this.plan.steps[dependency]?.id ?? []);
  }

  private keep(step: PlannedStep, outcome: StepOutcome): void {
    this.outcomes.set(step.as, outcome);
    this.results.set(step.as, outcome.value);
  }

  private report(step: PlannedStep, progress: Partial<StepProgress> & Pick<StepProgress, 'status'>): void {
    if (progress.status !== 'running') this.settled.add(step.index);
    const base = { step_index: step.index, cached: false, error_code: null, durationMs: null };
    this.options.onStep?.({ ...base, ...progress });
  }

  /** Reports the steps that never started. */
  cancelRest(): void {
    for (const step of this.plan.steps) {
      if (!this.settled.has(step.index)) this.report(step, { status: 'cancelled' });
    }
  }

  /** Canonical JSON sorts keys, so the outputs' own canonical texts, sorted by name, make that of the whole. */
  result(): PatternResult {
    const { steps, definition } = this.plan;
    const names = [...definition.outputs].sort();
    const members = names.map((name) => [name, this.outcomes.get(name) ?? SKIPPED] as const);
    return {
      data: Object.fromEntries(members.map(([name, outcome]) => [name, outcome.value])),
      dataJson: `{${members.map(([name, { json }]) => `${JSON.stringify(name)}:${json}`).join(',')}}`,
      records: steps.flatMap((step) => this.outcomes.get(step.as)?.record ?? []),
      skipped: steps
        .filter((step) => this.skipped.has(step.as))
        .map((step) => ({ step_id: step.id, depends_on: this.idsBefore(step) })),
      outputs: Object.fromEntries(
        names.flatMap((name) => steps.filter((step) => step.as === name).map(({ id }) => [name, id])),
      ),
    };
  }
}
