import type { FilteredAttributes, FilteredFields, FilteredText, PiiFilter } from '../filtered';
import { createKeyClassifier } from './key';
import { createPseudonyms } from './pseudonym';
import type { Rule } from './rule';
import { DEFAULT_RULES } from './rules/table';
import { createTextFilter } from './text';
import { createWalk } from './walk';
import { createReport, type PiiFinding } from './report';

export interface PiiOptions {
  /** Makes pseudonyms HMACs: without it short ids can be guessed from their hash. */
  readonly hashKey?: string | undefined;
  /** Rules of one's own, made with `defineRule`; they go before the built-in ones. */
  readonly rules?: readonly Rule[] | undefined;
}

export interface ReportingPiiFilter extends PiiFilter {
  /** What would be hashed, redacted and kept in `value`, and by which rule. */
  report(value: unknown): readonly PiiFinding[];
}

/** Compiles the rule table once. The filter is total: it never throws and never changes what it is given. */
export const createPiiFilter = (options: PiiOptions = {}): ReportingPiiFilter => {
  const rules = [...(options.rules ?? []), ...DEFAULT_RULES];
  const pseudonyms = createPseudonyms(options.hashKey);
  const keys = createKeyClassifier(rules);
  const text = createTextFilter(rules, keys, pseudonyms);
  const walk = createWalk(keys, text, pseudonyms);
  return {
    fields: (value) => walk.fields(value) as FilteredFields,
    text: (value) => text.filter(String(value)) as FilteredText,
    attributes: (value) => walk.attributes(value) as FilteredAttributes,
    error: (error) => walk.fields({ error })['error'] as FilteredFields,
    pseudonym: (id) => pseudonyms.of(String(id)) as FilteredText,
    report: createReport(rules, options.hashKey),
  };
};
