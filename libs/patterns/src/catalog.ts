import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CapabilityCatalog, toDawsosError } from '@dawsos/contracts';
import { patternInvalid, type PatternFault } from './fault';
import { planPattern, type PatternPlan, type PlanResult } from './plan';
import { parseSource } from './source-text';

/** The patterns that a process offers, checked and planned. */
export interface PatternCatalog {
  get(id: string): PatternPlan | undefined;
  /** In the order of their ids. */
  all(): readonly PatternPlan[];
  ids(): readonly string[];
}

export const PATTERN_FILE = /(?<!\.schema)\.json$/;

/**
 * Loads every `*.json` of `dir` (but `*.schema.json`).
 * @throws DawsosError `pattern_invalid`, listing the faults of all files with line, column and excerpt.
 */
export async function loadPatterns(dir: string, capabilities: CapabilityCatalog): Promise<PatternCatalog> {
  const names = (await readdir(dir)).filter((name) => PATTERN_FILE.test(name)).sort();
  const files = await Promise.all(names.map(async (name) => readPattern(join(dir, name), capabilities)));
  const faults: PatternFault[] = [];
  const plans = new Map<string, { readonly plan: PatternPlan; readonly file: string }>();
  for (const { file, text, result } of files) {
    if (!result.ok) {
      faults.push(...result.faults);
      continue;
    }
    const { id } = result.plan.definition;
    const other = plans.get(id);
    if (other === undefined) plans.set(id, { plan: result.plan, file });
    else faults.push(...duplicateId(file, text, id, other.file));
  }
  if (faults.length > 0) throw patternInvalid(faults);
  return catalogOf([...plans.values()].map(({ plan }) => plan));
}

/**
 * The faults of one file, in its order; none when it is a pattern.
 * Without `capabilities`, their names are not checked.
 * @throws DawsosError `pattern_invalid` when the file cannot be read.
 */
export async function lintPattern(
  file: string,
  capabilities?: CapabilityCatalog,
): Promise<readonly PatternFault[]> {
  try {
    const { result } = await readPattern(file, capabilities);
    return result.ok ? [] : result.faults;
  } catch (error) {
    throw toDawsosError(error, 'pattern_invalid');
  }
}

/** As lintPattern, of a text; `file` is what the faults call it. Never throws. */
export function lintText(
  file: string,
  text: string,
  capabilities?: CapabilityCatalog,
): readonly PatternFault[] {
  const result = planText(file, text, capabilities);
  return result.ok ? [] : result.faults;
}

/** A pattern from its text. @throws DawsosError `pattern_invalid` */
export function parsePattern(file: string, text: string, capabilities?: CapabilityCatalog): PatternPlan {
  const result = planText(file, text, capabilities);
  if (!result.ok) throw patternInvalid(result.faults);
  return result.plan;
}

export function catalogOf(plans: readonly PatternPlan[]): PatternCatalog {
  const byId = new Map(plans.map((plan) => [plan.definition.id, plan]));
  const ids = [...byId.keys()].sort();
  const all = ids.flatMap((id) => byId.get(id) ?? []);
  return { get: (id) => byId.get(id), all: () => all, ids: () => ids };
}

async function readPattern(
  file: string,
  capabilities: CapabilityCatalog | undefined,
): Promise<{ file: string; text: string; result: PlanResult }> {
  const text = await readFile(file, 'utf8');
  return { file, text, result: planText(file, text, capabilities) };
}

function planText(file: string, text: string, capabilities: CapabilityCatalog | undefined): PlanResult {
  const parsed = parseSource(file, text);
  return parsed.ok ? planPattern(parsed.source, capabilities) : parsed;
}

function duplicateId(file: string, text: string, id: string, other: string): readonly PatternFault[] {
  const parsed = parseSource(file, text);
  return parsed.ok
    ? [parsed.source.fault(['id'], `${basename(other)} has the id "${id}" already`)]
    : parsed.faults;
}
