import type { Needs } from './rule';

/** What a search looks for in a text, as far as one pass over it can tell. */
export interface Precheck extends Needs {
  /** Any of them, in lower case; none means that no word is needed. */
  readonly hints?: readonly string[];
}

/**
 * The numbers of the prechecks that a text meets, as bits: number n is bit n % 31 of word n / 31. One array for all
 * passes of a scan: read it before the next pass.
 */
export type Met = Int32Array;
export type Scan = (text: string) => Met;

export const WORD_BITS = 31;

/** The set of these numbers, in the form of `Met`. */
export const bitsOf = (numbers: readonly number[], words: number): Int32Array => {
  const bits = new Int32Array(words);
  for (const number of numbers) set(bits, 0, number);
  return bits;
};

export const intersects = (met: Met, bits: Int32Array): boolean => {
  for (let word = 0; word < bits.length; word += 1)
    if (((met[word] ?? 0) & (bits[word] ?? 0)) !== 0) return true;
  return false;
};

const CODES = 0x10000;
const RUN = 1;
const DIGIT = 2;

/** The long s and the Kelvin sign: patterns with the flags i and u take them for Latin letters. */
const EQUAL_IN_ANY_CASE: Readonly<Record<string, string>> = { s: '\u017f', k: '\u212a' };

/** For each character: part of a run of word characters, or a digit. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  if (/\d/.test(letter)) return DIGIT;
  return /[\w+/-]/.test(letter) ? RUN : 0;
});

/**
 * Compiles prechecks into one pass over a text: an Aho-Corasick automaton (CACM 18 (6), 1975) finds all hints at once,
 * in any case, while digits and runs are counted. A few ns a character, in place of a search for each hint.
 */
export const createScan = (prechecks: readonly Precheck[]): Scan => {
  const words = Math.ceil(prechecks.length / WORD_BITS);
  const { classOf, classes, next, masks } = automaton(prechecks, words);
  const width = words + 1;
  const numbers = [...prechecks.keys()];
  const always = bitsOf(
    numbers.filter((number) => prechecks[number]?.hints === undefined),
    words,
  );
  const byDigits = thresholds(
    prechecks.map(({ digits }) => digits ?? 0),
    words,
  );
  const byRun = thresholds(
    prechecks.map(({ run }) => run ?? 0),
    words,
  );
  const met = new Int32Array(words);
  return (text) => {
    for (let word = 0; word < words; word += 1) met[word] = always[word] ?? 0;
    let digits = 0;
    let longest = 0;
    let run = 0;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      state = next[state * classes + (classOf[code] ?? 0)] ?? 0;
      if (state !== 0 && masks[state * width] !== 0) {
        for (let word = 0; word < words; word += 1)
          met[word] = (met[word] ?? 0) | (masks[state * width + 1 + word] ?? 0);
      }
      const kind = code < 128 ? (KINDS[code] ?? 0) : 0;
      if (kind === 0) run = 0;
      else {
        run += 1;
        if (run > longest) longest = run;
        if (kind === DIGIT) digits += 1;
      }
    }
    const enoughDigits = byDigits[Math.min(digits, byDigits.length - 1)];
    const longEnough = byRun[Math.min(longest, byRun.length - 1)];
    for (let word = 0; word < words; word += 1)
      met[word] = (met[word] ?? 0) & (enoughDigits?.[word] ?? 0) & (longEnough?.[word] ?? 0);
    return met;
  };
};

/** For each count up to the greatest that is asked for: the prechecks that are content with it. */
const thresholds = (least: readonly number[], words: number): readonly Int32Array[] =>
  Array.from({ length: Math.max(0, ...least) + 1 }, (_, count) =>
    bitsOf(
      [...least.keys()].filter((number) => (least[number] ?? 0) <= count),
      words,
    ),
  );

const set = (bits: Int32Array, offset: number, index: number): void => {
  const at = offset + Math.floor(index / WORD_BITS);
  bits[at] = (bits[at] ?? 0) | (1 << (index % WORD_BITS));
};

interface Automaton {
  /** Characters that the hints do not hold share class 0. */
  readonly classOf: Uint16Array;
  readonly classes: number;
  readonly next: Uint16Array;
  /** For each state: 1 where a hint ends, then the bits of the prechecks that the hints belong to. */
  readonly masks: Int32Array;
}

const automaton = (prechecks: readonly Precheck[], words: number): Automaton => {
  const hints = prechecks.flatMap(({ hints: all }, index) => (all ?? []).map((hint) => ({ hint, index })));
  const letters = [...new Set(hints.flatMap(({ hint }) => hint.split('')))];
  const classes = letters.length + 1;
  const classOf = new Uint16Array(CODES);
  letters.forEach((letter, index) => {
    for (const variant of [letter, letter.toUpperCase(), EQUAL_IN_ANY_CASE[letter] ?? letter])
      if (variant.length === 1) classOf[variant.charCodeAt(0)] = index + 1;
  });

  const states = 1 + hints.reduce((sum, { hint }) => sum + hint.length, 0);
  const next = new Uint16Array(states * classes);
  const masks = new Int32Array(states * (words + 1));
  let used = 1;
  for (const { hint, index } of hints) {
    let state = 0;
    for (const letter of hint.split('')) {
      const at = state * classes + letters.indexOf(letter) + 1;
      if (next[at] === 0) next[at] = used++;
      state = next[at] ?? 0;
    }
    masks[state * (words + 1)] = 1;
    set(masks, state * (words + 1) + 1, index);
  }
  addFailures(next, masks, classes, words + 1);
  return { classOf, classes, next, masks };
};

/** Turns the tree of hints into an automaton: where a hint breaks off, the longest other one that ends here goes on. */
const addFailures = (next: Uint16Array, masks: Int32Array, classes: number, width: number): void => {
  const failure = new Map<number, number>();
  const queue: number[] = [];
  for (let letter = 0; letter < classes; letter += 1) {
    const child = next[letter] ?? 0;
    if (child !== 0) queue.push(child);
  }
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    const back = failure.get(state) ?? 0;
    for (let part = 0; part < width; part += 1) {
      masks[state * width + part] = (masks[state * width + part] ?? 0) | (masks[back * width + part] ?? 0);
    }
    for (let letter = 0; letter < classes; letter += 1) {
      const at = state * classes + letter;
      const fallback = next[back * classes + letter] ?? 0;
      const child = next[at] ?? 0;
      if (child === 0) next[at] = fallback;
      else {
        failure.set(child, fallback);
        queue.push(child);
      }
    }
  }
};
