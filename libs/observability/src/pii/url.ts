import { percentDecode } from './encoding';
import type { KeyClassifier } from './key';
import type { Rule } from './rule';
import { REDACTED, type OnFound } from './replacement';

/** Query parameters that may be read; all others are replaced. */
const OPEN_PARAMETERS =
  /^(?:page_size|limit|offset|order|sort|format|verbose|status|pattern_id|run_id|request_id|pricing_pack_id|asof_date|wait)$/;

const URL_LIKE = /\b([a-z][a-z0-9+.-]{1,20}:\/\/)([^\s"'<>\\`]{1,4000})/gi;

/** A query on its own, as in `/callback?code=x`. */
const QUERY_LIKE = /\?([\w.%~[\]-]{1,64}=[^\s"'<>\\`#]{0,4000})/g;

const urlRule: Rule = { name: 'url', action: 'redact', reason: 'not known to be harmless', keys: ['url'] };

/** Filters the addresses in a text: credentials, fragments, and all query parameters that are not known to be harmless. */
export const createUrlFilter = (
  classify: KeyClassifier,
  replacement: (rule: Rule, value: string) => string,
): ((text: string, onFound: OnFound | undefined) => string) => {
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

  return (text, onFound) =>
    text
      .replace(URL_LIKE, (_, scheme: string, rest: string) => filterUrl(scheme, rest, onFound))
      .replace(QUERY_LIKE, (_, query: string) => `?${filterQuery(query, onFound)}`);
};
