import type { Pseudonyms } from './pseudonym';
import type { Rule } from './rule';

export const REDACTED = '[REDACTED]';

/** Told of each thing that a rule found, for the report. */
export type OnFound = (rule: Rule, match: string) => void;

/** What a rule makes of a value that it found. */
export type Replacement = (rule: Rule, value: string) => string;

/** Kept, redacted or pseudonymised, as the rule's action says; what was redacted before stays as it is. */
export function createReplacement(pseudonyms: Pseudonyms): Replacement {
  return (rule, value) => {
    if (rule.action === 'keep') return value;
    if (rule.action !== 'pseudonym' || value === REDACTED) return REDACTED;
    return value === '' ? '' : pseudonyms.of(value);
  };
}
