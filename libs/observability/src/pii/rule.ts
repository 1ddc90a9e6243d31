/** What happens to what a rule finds. `pseudonym`: 8 hex digits that still join across sinks; `keep`: known to be harmless. */
export type RuleAction = 'redact' | 'pseudonym' | 'keep' | 'allow-list';

/** The least that each match of a pattern holds: counted in one pass over the text, it spares most searches. */
export interface Needs {
  /** ASCII digits, anywhere in the match. */
  readonly digits?: number;
  /** The length of an unbroken run of ASCII letters, digits, `_`, `+`, `/` and `-`. */
  readonly run?: number;
}

export interface RuleOptions {
  readonly name: string;
  readonly action: RuleAction;
  /** Why, in a few words: shown by `dawsos pii check`. */
  readonly reason: string;
  /** Names of fields, as words: `user id` covers user_id, userId, USER-ID, owner.user.id and userids. */
  readonly keys?: readonly string[];
  /** What the rule finds in text. Every repetition in it must be bounded, so that matching is linear. */
  readonly pattern?: RegExp;
  /** A text without any of these (lower case) cannot match `pattern`; it spares the search. */
  readonly hints?: readonly string[];
  /** A text with less than this cannot match `pattern`; it spares the search. */
  readonly needs?: Needs;
  /** A last look at what `pattern` matched, such as a checksum; a number says how much of its beginning is meant. */
  readonly verify?: (match: string, text: string, offset: number) => boolean | number;
  /** Which capture group is the sensitive part, -1 for the first that matched; the whole match without. */
  readonly group?: number;
}

export type Rule = Readonly<RuleOptions>;

/**
 * Makes one line of the rule table, checked and frozen.
 * @throws TypeError when the rule finds nothing, or its pattern is sticky, has an unbounded repetition, or its hints
 * could never be met; the message says what to change.
 */
export const defineRule = (options: RuleOptions): Rule => {
  const { name, keys, pattern, hints } = options;
  if (keys === undefined && pattern === undefined) {
    throw new TypeError(`The rule "${name}" has neither keys nor a pattern; give it one of the two.`);
  }
  if (pattern?.sticky === true) {
    throw new TypeError(`The pattern of the rule "${name}" is sticky; leave the flag y out.`);
  }
  if (pattern !== undefined && isUnbounded(pattern.source)) {
    throw new TypeError(
      `The pattern of the rule "${name}" repeats without a bound (*, + or {n,}); write {0,64} or the like.`,
    );
  }
  const badHint = hints?.find((hint) => hint === '' || hint !== hint.toLowerCase());
  if (badHint !== undefined) {
    throw new TypeError(`The hint "${badHint}" of the rule "${name}" must be in lower case and not empty.`);
  }
  return Object.freeze({ ...options, ...(pattern === undefined ? {} : { pattern: searchingAll(pattern) }) });
};

/** A rule replaces each occurrence, so its pattern is made global where it is not. */
const searchingAll = (pattern: RegExp): RegExp =>
  pattern.global ? pattern : new RegExp(pattern.source, `${pattern.flags}g`);

/** Whether something in the pattern may repeat for ever. Escapes and character classes hold no repetition. */
const isUnbounded = (source: string): boolean =>
  /[*+]|\{\d+,\}/.test(source.replace(/\\./g, '').replace(/\[(?:[^\]]*)\]/g, ''));

/** The entries of a list that is written in lines, with commas between. */
export const listed = (text: string): readonly string[] => text.split(',').map((entry) => entry.trim());
