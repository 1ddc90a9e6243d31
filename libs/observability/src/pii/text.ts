import type { KeyClassifier } from './key';
import type { Pseudonyms } from './pseudonym';
import type { Rule } from './rule';
import { decodesToText, percentDecode } from './encoding';

export const REDACTED = '[REDACTED]';
const LONGEST_TEXT = 16_384;
const LONGEST_REMEMBERED = 256;
const MOST_REMEMBERED = 4_096;

/** Told of each thing that a rule found, for the report. */
export type OnFound = (rule: Rule, match: string) => void;

export interface TextFilter {
  filter(text: string, onFound?: OnFound): string;
  /** What a field's rule makes of one value of it. */
  replacement(rule: Rule, value: string): string;
}

/** Nothing of what the rules look for can be in a text without one of these. */
const SUSPECT =
  /[@%=:$€£¥₹/#"'\\+＠\ue000-\uf8ff]|\d{4}|\d[ .,’'-]\d|\d ?[A-Za-z]{2}|[\w+-]{16}|pass|pwd|secret|token|user|portfolio|security|customer|client|account|acct|card|\b(?:pin|otp|cvv|cvc|ssn|sin|key)\b|[(\[]at[)\]]/i;

/** Stands for a protected piece while the other rules run: letters of the private use area, taken out of what comes in. */
const MARK = 0xe000;
const PRIVATE_USE = /[\ue000-\uf8ff]/g;
const MOST_PROTECTED = 4_096;

const ASSIGNMENT =
  /([\p{L}_$][\p{L}\p{M}\p{N}_.$ -]{0,63}?)(\\{0,4}["'\]]?)(\s{0,3}(?:=>|[:=])\s{0,3})(?:(\\{0,4}")([^"\\]{0,4000})|(\\{0,4}')([^'\\]{0,4000})|([^\s"'&,;(){}[\]\\]{1,4000}))/gu;
const HEADER_LINE =
  /((?:^|[\n"'{,;])\s{0,4}(?:proxy-)?(?:authorization|(?:set-)?cookie2?|x-api-key|x-auth-token)["']?\s{0,3}[:=]\s{0,3}["']?)([^\r\n"']{1,8000})/gi;
const URL_LIKE = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s"'<>\\`]{1,4000})/gi;
const BASE64_RUN = /(?<![\w+/=-])[A-Za-z0-9+/_-]{16,20000}={0,2}(?![\w+/=-])/g;
const LAST_WORD = /[^\s,;"'&]{0,256}$/;

/** Query parameters that may be read; all others are replaced. */
const OPEN_PARAMETERS =
  /^(?:page_size|limit|offset|order|sort|format|verbose|status|pattern_id|run_id|request_id|pricing_pack_id|asof_date|wait)$/;

const hinted = (rule: Rule, lower: string): boolean =>
  rule.hints === undefined || rule.hints.some((hint) => lower.includes(hint));

/** Compiles the table's patterns into one function over text. */
export const createTextFilter = (
  rules: readonly Rule[],
  classify: KeyClassifier,
  pseudonyms: Pseudonyms,
): TextFilter => {
  // File names, span names, ids of packs: the same short texts come again and again. Only harmless ones are kept.
  const clean = new Set<string>();
  const keepers = rules.filter((rule) => rule.action === 'keep' && rule.pattern !== undefined);
  const finders = rules.filter((rule) => rule.action !== 'keep' && rule.pattern !== undefined);
  const keyRule = (name: string): Rule => ({
    name,
    action: 'redact',
    reason: 'not known to be harmless',
    keys: [name],
  });
  const urlRule = keyRule('url');
  const encodedRule = keyRule('encoded');

  const replacement = (rule: Rule, value: string): string => {
    if (rule.action === 'keep') return value;
    if (rule.action !== 'pseudonym' || value === REDACTED) return REDACTED;
    return value === '' ? '' : pseudonyms.of(value);
  };

  const filterUrl = (scheme: string, rest: string, onFound: OnFound | undefined): string => {
    const fragmentAt = rest.indexOf('#');
    const beforeFragment = fragmentAt === -1 ? rest : rest.slice(0, fragmentAt);
    const queryAt = beforeFragment.indexOf('?');
    const beforeQuery = queryAt === -1 ? beforeFragment : beforeFragment.slice(0, queryAt);
    const slashAt = beforeQuery.indexOf('/');
    const authority = slashAt === -1 ? beforeQuery : beforeQuery.slice(0, slashAt);
    const path = slashAt === -1 ? '' : beforeQuery.slice(slashAt);
    const at = authority.lastIndexOf('@');
    if (at !== -1) onFound?.(urlRule, authority.slice(0, at));
    const host = at === -1 ? authority : `${REDACTED}@${authority.slice(at + 1)}`;
    const query = queryAt === -1 ? '' : `?${filterQuery(beforeFragment.slice(queryAt + 1), onFound)}`;
    if (fragmentAt !== -1 && rest.slice(fragmentAt + 1) !== REDACTED)
      onFound?.(urlRule, rest.slice(fragmentAt));
    return `${scheme}${host}${path}${query}${fragmentAt === -1 ? '' : `#${REDACTED}`}`;
  };

  const filterQuery = (query: string, onFound: OnFound | undefined): string =>
    query
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=');
        if (equals === -1) return pair === REDACTED || pair === '' ? pair : REDACTED;
        const name = percentDecode(pair.slice(0, equals));
        if (OPEN_PARAMETERS.test(name)) return pair;
        const rule = classify(name);
        const value = percentDecode(pair.slice(equals + 1));
        if (value === REDACTED) return `${name}=${REDACTED}`;
        onFound?.(rule ?? urlRule, value);
        return `${name}=${rule?.action === 'pseudonym' ? replacement(rule, value) : REDACTED}`;
      })
      .join('&');

  const filterAssignments = (text: string, onFound: OnFound | undefined): string =>
    text.replace(
      ASSIGNMENT,
      (
        whole: string,
        key: string,
        close: string,
        operator: string,
        q2?: string,
        v2?: string,
        q1?: string,
        v1?: string,
        bare?: string,
      ) => {
        const name = key.trim().split(/\s+/).slice(-2).join(' ');
        const rule = classify(name) ?? classify(name.split(' ').at(-1) ?? name);
        if (rule === undefined || rule.action === 'keep') return whole;
        const value = v2 ?? v1 ?? bare ?? '';
        const made = replacement(rule, value);
        if (made !== value) onFound?.(rule, value);
        return `${key}${close}${operator}${q2 ?? q1 ?? ''}${made}`;
      },
    );

  const applyPattern = (rule: Rule, text: string, onFound: OnFound | undefined): string => {
    if (rule.pattern === undefined) return text;
    return text.replace(rule.pattern, (...args: unknown[]) => {
      const match = String(args[0]);
      const offset = Number(args[typeof args.at(-1) === 'object' ? args.length - 3 : args.length - 2]);
      if (rule.verify !== undefined && !rule.verify(match, text, offset)) return match;
      const part =
        rule.group === undefined
          ? match
          : rule.group === -1
            ? args.slice(1).find((group): group is string => typeof group === 'string')
            : args[rule.group];
      if (typeof part !== 'string' || part === '' || part.includes(REDACTED)) return match;
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

  const withProtected = (text: string, inside: (text: string) => string): string => {
    const kept: string[] = [];
    let guarded = text;
    for (const rule of keepers) {
      if (rule.pattern === undefined) continue;
      guarded = guarded.replace(rule.pattern, (match) => {
        if (kept.length >= MOST_PROTECTED) return match;
        kept.push(match);
        return String.fromCharCode(MARK + kept.length - 1);
      });
    }
    const filtered = inside(guarded);
    return kept.length === 0
      ? filtered
      : filtered.replace(PRIVATE_USE, (mark) => kept[mark.charCodeAt(0) - MARK] ?? '');
  };

  const filterPlain = (text: string, onFound: OnFound | undefined): string => {
    let filtered = text.replace(PRIVATE_USE, '?');
    if (filtered.includes('://')) {
      filtered = filtered.replace(URL_LIKE, (_, scheme: string, rest: string) =>
        filterUrl(scheme, rest, onFound),
      );
    }
    if (/[:=]/.test(filtered)) {
      filtered = filtered.replace(HEADER_LINE, (_, head: string) => `${head}${REDACTED}`);
      filtered = filterAssignments(filtered, onFound);
    }
    return withProtected(filtered, (guarded) => {
      const lower = guarded.toLowerCase();
      let result = guarded;
      for (const rule of finders) if (hinted(rule, lower)) result = applyPattern(rule, result, onFound);
      return /[\w+/-]{16}/.test(result) ? filterEncoded(result, onFound) : result;
    });
  };

  const cut = (text: string): string =>
    text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT).replace(LAST_WORD, '')} [TRUNCATED]`;

  const remember = (text: string): void => {
    if (clean.size >= MOST_REMEMBERED) clean.clear();
    clean.add(text);
  };

  return {
    replacement,
    filter(text, onFound) {
      if (clean.has(text) || !SUSPECT.test(text)) return cut(text);
      const bounded = cut(text);
      const decoded = /%[0-9a-f]{2}/i.test(bounded) ? percentDecode(bounded) : bounded;
      if (decoded !== bounded) {
        const filtered = filterPlain(decoded, onFound);
        if (filtered !== decoded) return filtered;
      }
      const filtered = filterPlain(bounded, onFound);
      if (filtered === text && text.length <= LONGEST_REMEMBERED) remember(text);
      return filtered;
    },
  };
};
