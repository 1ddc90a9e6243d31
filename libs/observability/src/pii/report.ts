import { createKeyClassifier } from './key';
import { createPseudonyms } from './pseudonym';
import type { Rule, RuleAction } from './rule';
import { createTextFilter } from './text';
import { createWalk } from './walk';

/** What the filter does to one place of a value, and why. */
export interface PiiFinding {
  readonly path: string;
  readonly action: RuleAction;
  readonly rule: string;
  readonly reason: string;
  readonly found: string;
}

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
};

/** Explains what the filter would do, for the person who owns the data; the report itself holds what was found. */
export const createReport = (rules: readonly Rule[], hashKey: string | undefined) => {
  const keys = createKeyClassifier(rules);
  const pseudonyms = createPseudonyms(hashKey);
  const text = createTextFilter(rules, keys, pseudonyms);
  const walk = createWalk(keys, text, pseudonyms);
  return (value: unknown): readonly PiiFinding[] => {
    const findings: PiiFinding[] = [];
    walk.fields({ value }, (path, rule, found) => {
      findings.push({
        path: path.replace(/^\$\.value/, '$'),
        action: rule?.action ?? 'redact',
        rule: rule?.name ?? 'unknown',
        reason: rule?.reason ?? '',
        found: shown(found),
      });
    });
    return findings;
  };
};
