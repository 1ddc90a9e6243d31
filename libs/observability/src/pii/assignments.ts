import type { KeyClassifier } from './key';
import type { Rule } from './rule';
import { REDACTED, type OnFound } from './replacement';

const OPERATOR = /=>|[:=]/g;
const LONGEST_KEY = 64;
const LONGEST_VALUE = 4_000;
const KEY_LETTER = /[\p{L}\p{M}\p{N}_.$-]/u;
const SPACE = /\s/;
const CLOSERS: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

/** To the next space or separator; a comma goes on when what follows it is no assignment: `1,284.55`. */
const BARE = /(?:\[REDACTED\]|[^\s"'&,;]|,(?=[^\s"'=:,;&]{1,64}(?:[\s"',;&]|$))){1,4000}/y;
/** Names, dates and addresses are written without quotes too: what goes on in capitals and digits belongs to the value. */
const MORE_WORDS = /(?: {1,2}[\p{Lu}\p{N}(+][^\s"'&,;{}[\]\\]{0,64}){1,64}/uy;
/** Brackets behind a value that do not belong to it: none of them was opened in it. */
const MADE = /\[REDACTED\][\p{L}\p{N}@]{0,64}/uy;
const CLOSING = /^([^([{]{0,4000}?)[)}\]]{1,64}$/;

/** A part of a text. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds `name: value` and `name = value` in text, in JSON, escaped JSON, headers, messages; where the table knows the
 * name, the value is replaced. An operator in the midst of another's value counts too: `Error: password=x`.
 */
export const createAssignmentFilter =
  (classify: KeyClassifier, replacement: (rule: Rule, value: string) => string) =>
  (text: string, onFound: OnFound | undefined): string => {
    let filtered = '';
    let copied = 0;
    OPERATOR.lastIndex = 0;
    for (let found = OPERATOR.exec(text); found !== null; found = OPERATOR.exec(text)) {
      const rule = ruleFor(classify, text, copied, found.index);
      if (rule === undefined || rule.action === 'keep') continue;
      const { from, to } = valueAt(text, found.index + found[0].length, rule);
      if (to <= from) continue;
      const value = text.slice(from, to);
      const made = replacement(rule, value);
      if (made !== value) onFound?.(rule, value);
      filtered += text.slice(copied, from) + made;
      copied = to;
      OPERATOR.lastIndex = to;
    }
    return copied === 0 ? text : filtered + text.slice(copied);
  };

/** The rule for the name before an operator: for its last two words, or the last alone. */
const ruleFor = (
  classify: KeyClassifier,
  text: string,
  least: number,
  operatorAt: number,
): Rule | undefined => {
  let end = skipBack(text, operatorAt, least, 3, (letter) => SPACE.test(letter));
  const quoted = skipBack(
    text,
    end,
    least,
    1,
    (letter) => letter === '"' || letter === "'" || letter === ']',
  );
  end = quoted === end ? end : skipBack(text, quoted, least, 4, (letter) => letter === '\\');
  const isLetter = (letter: string): boolean => KEY_LETTER.test(letter);
  const last = skipBack(text, end, least, LONGEST_KEY, isLetter);
  if (last === end) return undefined;
  const gap = skipBack(text, last, least, 2, (letter) => letter === ' ');
  const before = gap === last ? last : skipBack(text, gap, least, LONGEST_KEY, isLetter);
  const word = text.slice(last, end);
  return (before < gap ? classify(`${text.slice(before, gap)} ${word}`) : undefined) ?? classify(word);
};

const skipBack = (
  text: string,
  from: number,
  least: number,
  most: number,
  skips: (letter: string) => boolean,
): number => {
  let at = from;
  while (at > least && from - at < most && skips(text[at - 1] ?? '')) at -= 1;
  return at;
};

const valueAt = (text: string, after: number, rule: Rule): Span => {
  let from = after;
  while (from < text.length && from - after < 3 && SPACE.test(text[from] ?? '')) from += 1;
  const quote = /\\{0,4}["']/y;
  quote.lastIndex = from;
  const opening = quote.exec(text)?.[0];
  if (opening !== undefined) return quotedAt(text, from + opening.length, opening);
  if (text.startsWith(REDACTED, from)) return alreadyMade(text, from);
  const closer = CLOSERS[text[from] ?? ''];
  if (closer !== undefined) return { from, to: closeOf(text, from, text[from] ?? '', closer) };
  const bare = bareAt(text, from);
  if (rule.action === 'pseudonym') return bare;
  MORE_WORDS.lastIndex = bare.to;
  return { from, to: bare.to + (MORE_WORDS.exec(text)?.[0].length ?? 0) };
};

/** What was replaced before, and what somebody put right behind it. */
const alreadyMade = (text: string, from: number): Span => {
  MADE.lastIndex = from;
  return { from, to: from + (MADE.exec(text)?.[0].length ?? 0) };
};

const bareAt = (text: string, from: number): Span => {
  BARE.lastIndex = from;
  const value = BARE.exec(text)?.[0] ?? '';
  const isMade = value.endsWith(REDACTED);
  return { from, to: from + (isMade ? value : value.replace(CLOSING, '$1')).length };
};

/** To the quote with as many backslashes as the opening one, so that escaped quotes inside do not end it. */
const quotedAt = (text: string, from: number, opening: string): Span => {
  const quote = opening.at(-1);
  const depth = opening.length - 1;
  const end = Math.min(text.length, from + LONGEST_VALUE);
  let escapes = 0;
  for (let at = from; at < end; at += 1) {
    const letter = text[at];
    if (letter === '\\') escapes += 1;
    else {
      const ends = letter === quote && (escapes <= depth || (depth === 0 && escapes % 2 === 0));
      if (ends) return { from, to: at - Math.min(escapes, depth) };
      escapes = 0;
    }
  }
  return { from, to: end };
};

/** Behind the bracket that closes the one at `from`. */
const closeOf = (text: string, from: number, opener: string, closer: string): number => {
  const end = Math.min(text.length, from + LONGEST_VALUE);
  let open = 0;
  for (let at = from; at < end; at += 1) {
    if (text[at] === opener) open += 1;
    else if (text[at] === closer) open -= 1;
    if (open === 0) return at + 1;
  }
  return end;
};
