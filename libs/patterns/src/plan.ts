import {
  type CapabilityCatalog,
  contentHash,
  type JsonValue,
  type PatternDefinition,
  PatternDefinitionSchema,
  type PatternStep,
  LONGEST_POINTER_PART,
  MOST_FIELD_ERRORS,
  shortened,
} from '@dawsos/contracts';
import type { JSONPath } from 'jsonc-parser';
import type { Condition } from './condition-syntax';
import { parseCondition } from './condition-syntax';
import { inFileOrder, type PatternFault } from './fault';
import { findCycle } from './graph';
import { inputFaults } from './input-definition';
import { presentedPaths } from './presented-paths';
import { CONTEXT_FACTS, type Reference, RESERVED_NAMES, scanReference } from './reference';
import type { PatternSource } from './source-text';
import { suggestion } from './suggestion';
import { compileTemplate, type Template } from './template';

export interface PlannedStep {
  /** The step's place in the definition: the N of its span `step_N`. */
  readonly index: number;
  readonly id: string;
  readonly as: string;
  readonly capability: string;
  readonly args: readonly (readonly [string, Template])[];
  readonly condition: Condition | undefined;
  /** The steps to wait for, in order: those that templates and the condition name, and depends_on. */
  readonly dependencies: readonly number[];
  readonly timeoutMs: number | undefined;
  readonly retries: number | undefined;
}

/** A pattern that was checked: every reference is known and the steps have an order. */
export interface PatternPlan {
  readonly definition: PatternDefinition;
  /** The hash of the definition's canonical form shows an edit that kept the version. */
  readonly hash: string;
  readonly steps: readonly PlannedStep[];
}

export type PlanResult =
  | { readonly ok: true; readonly plan: PatternPlan }
  | { readonly ok: false; readonly faults: readonly PatternFault[] };

/** Checks a parsed file as a pattern and plans its steps. Without `capabilities`, their names are not checked. */
export function planPattern(source: PatternSource, capabilities?: CapabilityCatalog): PlanResult {
  const parsed = PatternDefinitionSchema.safeParse(source.value);
  if (!parsed.success) return { ok: false, faults: inFileOrder(schemaFaults(source, parsed.error.issues)) };
  const planner = new Planner(source, parsed.data, capabilities);
  const steps = planner.plan();
  if (planner.faults.length > 0) return { ok: false, faults: inFileOrder(planner.faults) };
  return {
    ok: true,
    plan: { definition: parsed.data, hash: contentHash(source.value), steps },
  };
}

type Issue = NonNullable<ReturnType<typeof PatternDefinitionSchema.safeParse>['error']>['issues'][number];

function schemaFaults(source: PatternSource, issues: readonly Issue[]): PatternFault[] {
  return issues.slice(0, MOST_FIELD_ERRORS).flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys
        .slice(0, MOST_FIELD_ERRORS)
        .map((key) =>
          source.fault([...path, key], `unknown key "${shortened(key, LONGEST_POINTER_PART)}"`, 'key'),
        );
    }
    const message =
      issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
    return [
      source.fault(path, `${path.join('.')}: ${message}`, issue.code === 'invalid_key' ? 'key' : 'value'),
    ];
  });
}

class Planner {
  readonly faults: PatternFault[] = [];
  private readonly byAs = new Map<string, number>();
  private readonly byId = new Map<string, number>();

  constructor(
    private readonly source: PatternSource,
    private readonly definition: PatternDefinition,
    private readonly capabilities: CapabilityCatalog | undefined,
  ) {}

  plan(): readonly PlannedStep[] {
    const { definition, source } = this;
    this.faults.push(...inputFaults(source, definition.inputs));
    definition.steps.forEach((step, index) => this.name(step, index));
    const steps = definition.steps.map((step, index) => this.step(step, index));
    this.checkCycle(steps);
    this.checkOutputs();
    return steps;
  }

  private fault(path: JSONPath, message: string, offset?: number): void {
    this.faults.push(this.source.fault(path, message, offset === undefined ? 'value' : { offset }));
  }

  private name(step: PatternStep, index: number): void {
    if (this.byId.has(step.id))
      this.fault(['steps', index, 'id'], `a step "${step.id}" stands above already`);
    else this.byId.set(step.id, index);
    if (RESERVED_NAMES.includes(step.as)) {
      this.fault(
        ['steps', index, 'as'],
        `"${step.as}" means something else in templates; choose another name`,
      );
    }
    if (this.byAs.has(step.as))
      this.fault(['steps', index, 'as'], `a result "${step.as}" stands above already`);
    else this.byAs.set(step.as, index);
  }

  private step(step: PatternStep, index: number): PlannedStep {
    const at: JSONPath = ['steps', index];
    const dependencies = new Set<number>();
    const use = (reference: Reference, path: JSONPath, offset: number): void => {
      const dependency = this.checkReference(reference, path, offset);
      if (dependency !== undefined) dependencies.add(dependency);
    };
    if (this.capabilities?.has(step.capability) === false) {
      const hint = suggestion(step.capability, this.capabilities.names());
      this.fault([...at, 'capability'], `no agent provides "${step.capability}"${hint}`);
    }
    const args = Object.entries(step.args).map(
      ([key, value]) =>
        [
          key,
          compileTemplate(value as JsonValue, [...at, 'args', key], {
            reference: (placed) => use(placed.reference, placed.path, placed.offset),
            fault: (path, offset, message) => this.fault(path, message, offset),
          }),
        ] as const,
    );
    const condition = this.condition(step, [...at, 'condition'], use);
    for (const [position, id] of (step.depends_on ?? []).entries()) {
      const dependency = this.byId.get(id);
      if (dependency !== undefined) dependencies.add(dependency);
      else
        this.fault(
          [...at, 'depends_on', position],
          `no step has the id "${id}"${suggestion(id, [...this.byId.keys()])}`,
        );
    }
    return {
      index,
      id: step.id,
      as: step.as,
      capability: step.capability,
      args,
      condition,
      dependencies: [...dependencies].sort((a, b) => a - b),
      timeoutMs: step.timeout_ms,
      retries: step.retries,
    };
  }

  private condition(
    step: PatternStep,
    path: JSONPath,
    use: (reference: Reference, path: JSONPath, offset: number) => void,
  ): Condition | undefined {
    if (step.condition === undefined) return undefined;
    const parsed = parseCondition(step.condition);
    if (!parsed.ok) {
      this.fault(path, parsed.message, parsed.offset);
      return undefined;
    }
    for (const { reference, offset } of parsed.references) use(reference, path, offset);
    return parsed.condition;
  }

  /** The step that the reference waits for, if any. */
  private checkReference(reference: Reference, path: JSONPath, offset: number): number | undefined {
    const { root, name } = reference;
    if (root === 'step') {
      const dependency = this.byAs.get(name);
      if (dependency === undefined) {
        this.fault(
          path,
          `no step's result is called "${name}"${suggestion(name, [...this.byAs.keys()])}`,
          offset,
        );
      }
      return dependency;
    }
    if (root === 'ctx' && !CONTEXT_FACTS.some((fact) => fact === name)) {
      this.fault(path, `the context has no "${name}"${suggestion(name, CONTEXT_FACTS)}`, offset);
    }
    if (root === 'inputs') this.checkInputReference(reference, path, offset);
    else if (reference.path.length > 0) {
      this.fault(path, `ctx.${name} is text; it has no fields`, offset);
    }
    return undefined;
  }

  private checkInputReference({ name, path: fields }: Reference, path: JSONPath, offset: number): void {
    const { inputs } = this.definition;
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (input === undefined) {
      this.fault(path, `the pattern has no input "${name}"${suggestion(name, Object.keys(inputs))}`, offset);
    } else if (fields.length > 0 && input.type !== 'object' && input.type !== 'array') {
      this.fault(path, `the input "${name}" is of type ${input.type}; it has no fields`, offset);
    }
  }

  private checkCycle(steps: readonly PlannedStep[]): void {
    const cycle = findCycle(steps.map((step) => step.dependencies));
    if (cycle === undefined) return;
    const names = cycle.map((index) => steps[index]?.id ?? '').join(' → ');
    this.fault(['steps', cycle[0] ?? 0, 'id'], `these steps wait for each other: ${names}`);
  }

  private checkOutputs(): void {
    const { outputs, presentation } = this.definition;
    outputs.forEach((output, index) => {
      const path = ['outputs', index];
      if (!this.byAs.has(output)) {
        this.fault(
          path,
          `no step's result is called "${output}"${suggestion(output, [...this.byAs.keys()])}`,
        );
      } else if (outputs.indexOf(output) < index)
        this.fault(path, `the output "${output}" stands above already`);
    });
    for (const { text, path } of presentedPaths(presentation)) this.checkOutputPath(text, path);
  }

  private checkOutputPath(text: string, path: JSONPath): void {
    const { outputs } = this.definition;
    const scanned = scanReference(text, 0);
    if (!scanned.ok) this.fault(path, scanned.message, scanned.offset);
    else if (scanned.end < text.length)
      this.fault(path, 'expected a path such as positions.rows', scanned.end);
    else if (!outputs.includes(scanned.value.name)) {
      this.fault(
        path,
        `the pattern has no output "${scanned.value.name}"${suggestion(scanned.value.name, outputs)}`,
      );
    }
  }
}
