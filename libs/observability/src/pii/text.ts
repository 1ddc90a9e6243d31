import { createAssignmentFilter } from './assignments';
import { decodesToText, percentDecode } from './encoding';
import type { KeyClassifier } from './key';
import type { Pseudonyms } from './pseudonym';
import { createReplacement, REDACTED, type OnFound, type Replacement } from './replacement';
import type { Rule } from './rule';
import { bitsOf, createScan, intersects, WORD_BITS, type Met, type Precheck } from './scan';
import { createUrlFilter } from './url';

const LONGEST_TEXT = 16_384;
/** In letters, so at most 4 MB. */
const MOST_REMEMBERED = 2_000_000;

export interface TextFilter {
  filter(text: string, onFound?: OnFound): string;
  readonly replacement: Replacement;
}

/** Stands for a protected piece while the other rules run: letters of the private use area, taken out of what comes in. */
const MARK = 0xe000;
const PRIVATE_USE = /[\ue000-\uf8ff]/g;
const MOST_PROTECTED = 4_096;

const HEADER_LINE =
  /((?<![\w-])(?:proxy-)?(?:authorization|(?:set-)?cookie2?|x-api-key|x-auth-token)["']?\s{0,3}[:=]\s{0,3}["']?)([^\r\n"']{1,8000})/gi;
const BASE64_RUN = /(?<![\w+/=-])[A-Za-z0-9+/_-]{12,20000}={0,2}(?![\w+/=-])/g;
const LAST_WORD = /[^\s,;"'&]{0,256}$/;

/** What must be in a text for the searches that belong to no rule. */
const SEARCHES = {
  url: { hints: ['://', '?'] },
  assignment: { hints: [':', '='] },
  header: { hints: ['authorization', 'cookie', 'x-api-key', 'x-auth-token'] },
  percent: { hints: ['%'] },
  base64: { run: 12 },
} satisfies Record<string, Precheck>;
const SEARCH_NAMES = Object.keys(SEARCHES) as (keyof typeof SEARCHES)[];

const encodedRule: Rule = { name: 'encoded', action: 'redact', reason: 'not known to be harmless' };

/** Compiles the table's patterns into one function over text. */
export const createTextFilter = (
  rules: readonly Rule[],
  classify: KeyClassifier,
  pseudonyms: Pseudonyms,
): TextFilter => {
  // File names, span names, ids of packs: the same short texts come again and again. Only what may leave is kept.
  const clean = new Set<string>();
  let letters = 0;
  const withPattern = rules.filter((rule) => rule.pattern !== undefined);
  const finders = withPattern.filter((rule) => rule.action !== 'keep');
  const keepers = withPattern.filter((rule) => rule.action === 'keep');
  const searching = [...finders, ...keepers];
  const scan = createScan([
    ...searching.map(({ hints, needs }) => ({ ...needs, ...(hints && { hints }) })),
    ...Object.values(SEARCHES),
  ]);
  const words = Math.ceil((searching.length + SEARCH_NAMES.length) / WORD_BITS);
  const bitOf = (search: keyof typeof SEARCHES): Int32Array =>
    bitsOf([searching.length + SEARCH_NAMES.indexOf(search)], words);
  const has = {
    url: bitOf('url'),
    assignment: bitOf('assignment'),
    header: bitOf('header'),
    percent: bitOf('percent'),
    base64: bitOf('base64'),
  };
  const finderBits = bitsOf([...finders.keys()], words);
  const keeperBits = bitsOf(
    [...keepers.keys()].map((index) => finders.length + index),
    words,
  );
  /** A text that has none of these has nothing that any rule could find. */
  const anything = Int32Array.from(finderBits, (bits, word) =>
    Object.values(has).reduce((sum, search) => sum | (search[word] ?? 0), bits),
  );

  const replacement = createReplacement(pseudonyms);
  const filterUrls = createUrlFilter(classify, replacement);

  const filterAssignments = createAssignmentFilter(classify, replacement);

  const applyPattern = (rule: Rule, text: string, onFound: OnFound | undefined): string => {
    if (rule.pattern === undefined) return text;
    return text.replace(rule.pattern, (...args: unknown[]) => {
      const match = String(args[0]);
      const offset = Number(args[typeof args.at(-1) === 'object' ? args.length - 3 : args.length - 2]);
      const verified = rule.verify?.(match, text, offset) ?? true;
      if (verified === false || verified === 0) return match;
      const part =
        rule.group === undefined
          ? match.slice(0, verified === true ? match.length : verified)
          : rule.group === -1
            ? args.slice(1).find((group): group is string => typeof group === 'string')
            : args[rule.group];
      if (typeof part !== 'string' || part === '' || part.includes(REDACTED)) return match;
      if (pseudonyms.isPseudonym(part)) return match;
      const made = replacement(rule, part);
      if (made === part) return match;
      onFound?.(rule, part);
      const at = match.lastIndexOf(part);
      return `${match.slice(0, at)}${made}${match.slice(at + part.length)}`;
    });
  };

  const filterEncoded = (text: string, onFound: OnFound | undefined): string =>
    text.replace(BASE64_RUN, (run) => {
      if (!decodesToText(run)) return run;
      onFound?.(encodedRule, run);
      return REDACTED;
    });

  /** Hands on, in the table's order, the rules among `bits` whose precheck was met. */
  const forEachMet = (met: Met, bits: Int32Array, use: (rule: Rule) => void): void => {
    for (let word = 0; word < words; word += 1) {
      for (let left = (met[word] ?? 0) & (bits[word] ?? 0); left !== 0; left &= left - 1) {
        const rule = searching[word * WORD_BITS + 31 - Math.clz32(left & -left)];
        if (rule !== undefined) use(rule);
      }
    }
  };

  const withProtected = (text: string, met: Met, inside: (text: string) => string): string => {
    if (!intersects(met, keeperBits)) return inside(text);
    const kept: string[] = [];
    const protect = (match: string): string => {
      if (kept.length >= MOST_PROTECTED) return match;
      kept.push(match);
      return String.fromCharCode(MARK + kept.length - 1);
    };
    let guarded = text;
    forEachMet(met, keeperBits, ({ pattern }) => {
      if (pattern !== undefined) guarded = guarded.replace(pattern, protect);
    });
    const filtered = inside(guarded);
    return kept.length === 0
      ? filtered
      : filtered.replace(PRIVATE_USE, (mark) => kept[mark.charCodeAt(0) - MARK] ?? '');
  };

  /** Another pass only where the text became another one. */
  const scanAgain = (before: string, met: Met, text: string): Met => (before === text ? met : scan(text));

  /** `met` is what the last pass saw, and that was over `text`. */
  const filterPlain = (text: string, met: Met, onFound: OnFound | undefined): string => {
    let filtered = text.replace(PRIVATE_USE, '?');
    if (intersects(met, has.url)) filtered = filterUrls(filtered, onFound);
    if (intersects(met, has.header))
      filtered = filtered.replace(HEADER_LINE, (_, head: string) => `${head}${REDACTED}`);
    if (intersects(met, has.assignment)) filtered = filterAssignments(filtered, onFound);
    const metNow = scanAgain(text, met, filtered);
    return withProtected(filtered, metNow, (guarded) => {
      const left = scanAgain(filtered, metNow, guarded);
      const hasRun = intersects(left, has.base64);
      let result = guarded;
      forEachMet(left, finderBits, (rule) => {
        result = applyPattern(rule, result, onFound);
      });
      return hasRun ? filterEncoded(result, onFound) : result;
    });
  };

  const cut = (text: string): string =>
    text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT).replace(LAST_WORD, '')} [TRUNCATED]`;

  /** What was made here needs no second look, and gets none: filtering twice changes nothing. */
  const remembered = (filtered: string): string => {
    if (letters > MOST_REMEMBERED) {
      clean.clear();
      letters = 0;
    }
    letters += filtered.length;
    clean.add(filtered);
    return filtered;
  };

  return {
    replacement,
    filter(text, onFound) {
      if (clean.has(text)) return text;
      const bounded = cut(text);
      const met = scan(bounded);
      if (!intersects(met, anything)) return bounded;
      if (!intersects(met, has.percent)) return remembered(filterPlain(bounded, met, onFound));
      // Addresses first: decoded, their values would hold spaces, and so end too soon.
      const opened = intersects(met, has.url) ? filterUrls(bounded, onFound) : bounded;
      const decoded = percentDecode(opened);
      const filtered = filterPlain(decoded, scan(decoded), onFound);
      if (filtered !== decoded) return remembered(filtered);
      return remembered(filterPlain(opened, scan(opened), onFound));
    },
  };
};
