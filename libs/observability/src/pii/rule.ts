/** What happens to what a rule finds. `pseudonym`: 8 hex digits that still join across sinks; `keep`: known to be harmless. */
export type RuleAction = 'redact' | 'pseudonym' | 'keep' | 'allow-list';

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
  /** A last look at what `pattern` matched, such as a checksum. */
  readonly verify?: (match: string, text: string, offset: number) => boolean;
  /** Which capture group is the sensitive part; the whole match without. */
  readonly group?: number;
}

export type Rule = Readonly<RuleOptions>;

/** Makes one line of the rule table, checked: a rule must find something, and its pattern must be stateless to share. */
export const defineRule = (options: RuleOptions): Rule => {
  if (options.keys === undefined && options.pattern === undefined) {
    throw new TypeError(`The rule "${options.name}" has neither keys nor a pattern; give it one of the two.`);
  }
  if (options.pattern?.sticky === true) {
    throw new TypeError(`The pattern of the rule "${options.name}" is sticky; leave the flag y out.`);
  }
  return Object.freeze({ ...options });
};
