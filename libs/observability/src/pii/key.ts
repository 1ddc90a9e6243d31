import type { Rule } from './rule';

/** Letters that look like Latin ones, so that `pаssword` with a Cyrillic letter is found. */
const LOOK_ALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwкkмmтtвbнnαaεeοoρpνvυuιiκkτtχxηnıi'].flatMap((letter, index, all) =>
    index % 2 === 0 ? [[letter, all[index + 1] ?? '']] : [],
  ),
);
const LONGEST_KEY = 256;
const REMEMBERED = 5_000;

const fold = (key: string): string =>
  /^[\x20-\x7e]*$/.test(key)
    ? key
    : [...key.normalize('NFKD')]
        .map((letter) => LOOK_ALIKES[letter.toLowerCase()] ?? letter)
        .join('')
        .replace(/[^\x20-\x7e]/g, '');

/** A key as lower-case words: `ownerUserID`, `owner-user_id` and `owner.user.id` are the same three. */
export const wordsOf = (key: string): string[] =>
  fold(key.slice(0, LONGEST_KEY))
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

interface Phrase {
  readonly rule: Rule;
  readonly whole: boolean;
  readonly anywhere: boolean;
  readonly words: string;
  readonly compact: string;
}

const SHORTEST_COMPACT = 6;

const singular = (word: string): string => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word);

const compile = (rules: readonly Rule[]): Phrase[] =>
  rules.flatMap((rule) =>
    (rule.keys ?? []).map((key) => {
      const whole = key.startsWith('=') || rule.action === 'keep';
      const words = wordsOf(key).map(singular);
      const anywhere = key.startsWith('~') || words.join('').length >= SHORTEST_COMPACT;
      return { rule, whole, anywhere, words: ` ${words.join(' ')} `, compact: words.join('') };
    }),
  );

const matches = (phrase: Phrase, words: string, compact: string): boolean => {
  if (phrase.whole) return words === phrase.words || compact === phrase.compact;
  return words.includes(phrase.words) || (phrase.anywhere && compact.includes(phrase.compact));
};

/** Finds the rule for a field's name; undefined when no rule names it. Answers are remembered. */
export type KeyClassifier = (key: string) => Rule | undefined;

export const createKeyClassifier = (rules: readonly Rule[]): KeyClassifier => {
  const phrases = compile(rules);
  const known = new Map<string, Rule | undefined>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found;
    const words = wordsOf(key).map(singular);
    const padded = ` ${words.join(' ')} `;
    const compact = words.join('');
    const rule = phrases.find((phrase) => matches(phrase, padded, compact))?.rule;
    if (known.size >= REMEMBERED) known.clear();
    if (key.length <= LONGEST_KEY) known.set(key, rule);
    return rule;
  };
};
