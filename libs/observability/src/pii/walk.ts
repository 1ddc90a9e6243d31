import { types } from 'node:util';
import type { KeyClassifier } from './key';
import type { Pseudonyms } from './pseudonym';
import type { Rule } from './rule';
import { REDACTED, type OnFound, type TextFilter } from './text';
import { mayBeAccount, passesLuhn } from './checksum';

const DEEPEST = 16;
const MOST_VALUES = 20_000;
const LONGEST_JSON = 16_384;
const TOO_DEEP = '[TRUNCATED]';
const CIRCULAR = '[CIRCULAR]';
const UNREADABLE = '[UNREADABLE]';

type Fields = Record<string, unknown>;

export interface Walk {
  fields(value: object, onFound?: OnFoundAt): Fields;
  attributes(value: Readonly<Record<string, unknown>>): Fields;
}
/** Told of each finding with the path to it, for the report. */
export type OnFoundAt = (path: string, rule: Rule | undefined, value: unknown) => void;

const SIMPLE_KEY = /^[A-Za-z_$][\w.$-]{0,63}$/;
const LONG_RUN = /\d{4}|[A-Za-z0-9]{24}/;

/** The state of one pass: what is above the value at hand, and how much may still be looked at. */
interface Pass {
  readonly above: Set<object>;
  left: number;
  readonly onFound: OnFoundAt | undefined;
}

/** Walks any value and builds a filtered copy of plain data. Total: what cannot be read is named, never sent. */
export const createWalk = (classify: KeyClassifier, text: TextFilter, pseudonyms: Pseudonyms): Walk => {
  const note = (pass: Pass, path: string): OnFound | undefined =>
    pass.onFound === undefined ? undefined : (rule, match) => pass.onFound?.(path, rule, match);

  const safeKey = (key: string): string => {
    const plain = SIMPLE_KEY.test(key) && !LONG_RUN.test(key) ? key : text.filter(key);
    return plain === '__proto__' ? '[__proto__]' : plain;
  };

  const filterText = (value: string, pass: Pass, path: string, depth: number): string => {
    const first = value.charCodeAt(0);
    if ((first === 0x7b || first === 0x5b || first === 0x22) && value.length <= LONGEST_JSON) {
      const parsed = parseJson(value);
      if (parsed !== undefined) {
        const filtered = visit(parsed, pass, path, depth + 1);
        return JSON.stringify(filtered) === JSON.stringify(parsed) ? value : JSON.stringify(filtered);
      }
    }
    return text.filter(value, note(pass, path));
  };

  const filterNumber = (value: number | bigint): number | string => {
    const digits = String(value);
    if (digits.length >= 12 && mayBeAccount(digits) && passesLuhn(digits)) return REDACTED;
    if (typeof value === 'bigint') return digits;
    return Number.isFinite(value) ? value : digits;
  };

  /** Applies a field's rule to all that is in it. */
  const applyRule = (rule: Rule, value: unknown, pass: Pass, path: string, depth: number): unknown => {
    if (value === null || value === undefined || typeof value === 'boolean') return value;
    if (rule.action === 'pseudonym') {
      if (Array.isArray(value))
        return value.slice(0, 1_000).map((item) => applyRule(rule, item, pass, path, depth + 1));
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
        pass.onFound?.(path, rule, value);
        const id = String(value);
        return id === REDACTED || id === '' ? id : pseudonyms.of(id);
      }
      return visit(value, pass, path, depth);
    }
    if (rule.action === 'allow-list' && typeof value === 'object')
      return allowListed(rule, value, pass, path, depth);
    if (value !== REDACTED) pass.onFound?.(path, rule, value);
    return REDACTED;
  };

  const allowListed = (rule: Rule, value: object, pass: Pass, path: string, depth: number): unknown => {
    if (types.isProxy(value) || Array.isArray(value) || depth > DEEPEST) {
      pass.onFound?.(path, rule, value);
      return REDACTED;
    }
    const kept: Fields = {};
    for (const [key, item] of entriesOf(value)) {
      const found = classify(key);
      const open = found?.action === 'keep' || found?.action === 'pseudonym';
      if (!open) pass.onFound?.(`${path}.${safeKey(key)}`, rule, item);
      kept[safeKey(key)] = open ? visitField(key, item, pass, path, depth + 1) : REDACTED;
    }
    return kept;
  };

  const visitField = (key: string, value: unknown, pass: Pass, path: string, depth: number): unknown => {
    const rule = classify(key);
    const here = pass.onFound === undefined ? path : `${path}.${safeKey(key)}`;
    if (rule !== undefined && rule.action !== 'keep') return applyRule(rule, value, pass, here, depth);
    return visit(value, pass, here, depth);
  };

  const visitObject = (value: object, pass: Pass, path: string, depth: number): unknown => {
    if (pass.above.has(value)) return CIRCULAR;
    if (depth > DEEPEST) return TOO_DEEP;
    pass.above.add(value);
    try {
      return copy(value, pass, path, depth);
    } catch {
      return UNREADABLE;
    } finally {
      pass.above.delete(value);
    }
  };

  const copy = (value: object, pass: Pass, path: string, depth: number): unknown => {
    if (types.isProxy(value)) return UNREADABLE;
    if (Array.isArray(value)) {
      const kept: unknown[] = [];
      const length = value.length;
      for (let index = 0; index < length && pass.left > 0; index += 1) {
        kept.push(
          visit(
            readOf(value, String(index)),
            pass,
            pass.onFound === undefined ? path : `${path}[${index}]`,
            depth + 1,
          ),
        );
      }
      if (kept.length < length) kept.push(TOO_DEEP);
      return kept;
    }
    if (types.isNativeError(value)) return copyError(value, pass, path, depth);
    if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (types.isRegExp(value)) return '[REGEXP]';
    if (ArrayBuffer.isView(value)) return `[BINARY ${value.byteLength} bytes]`;
    if (types.isAnyArrayBuffer(value)) return `[BINARY ${value.byteLength} bytes]`;
    if (types.isMap(value)) return copyMap(value, pass, path, depth);
    if (types.isSet(value)) return copy([...value], pass, path, depth);
    if (value instanceof URL) return text.filter(value.href, note(pass, path));
    if (types.isBoxedPrimitive(value)) return visit(value.valueOf(), pass, path, depth + 1);
    if (isDecimal(value)) return REDACTED;
    return copyFields(entriesOf(value), pass, path, depth);
  };

  const copyFields = (
    entries: Iterable<readonly [string, unknown]>,
    pass: Pass,
    path: string,
    depth: number,
  ): Fields => {
    const kept: Fields = {};
    for (const [key, item] of entries) {
      if (pass.left <= 0) {
        kept['[TRUNCATED]'] = true;
        break;
      }
      kept[safeKey(key)] = visitField(key, item, pass, path, depth + 1);
    }
    return kept;
  };

  const copyMap = (
    value: ReadonlyMap<unknown, unknown>,
    pass: Pass,
    path: string,
    depth: number,
  ): unknown => {
    const entries = [...value].slice(0, MOST_VALUES);
    if (entries.every((entry): entry is [string, unknown] => typeof entry[0] === 'string')) {
      return copyFields(entries, pass, path, depth);
    }
    return copy(entries, pass, path, depth);
  };

  const copyError = (error: Error, pass: Pass, path: string, depth: number): Fields => {
    const own = new Map<string, unknown>();
    for (const key of ['name', 'code', 'message', 'stack', 'cause', 'errors']) {
      const value = readOf(error, key);
      if (value !== undefined) own.set(key, value);
    }
    for (const [key, value] of entriesOf(error)) own.set(key, value);
    return copyFields(own, pass, path, depth);
  };

  const visit = (value: unknown, pass: Pass, path: string, depth: number): unknown => {
    pass.left -= 1;
    if (pass.left < 0) return TOO_DEEP;
    switch (typeof value) {
      case 'string':
        return filterText(value, pass, path, depth);
      case 'number':
      case 'bigint':
        return filterNumber(value);
      case 'boolean':
      case 'undefined':
        return value;
      case 'function':
        return '[FUNCTION]';
      case 'symbol':
        return '[SYMBOL]';
      case 'object':
        return value === null ? null : visitObject(value, pass, path, depth);
    }
  };

  const begin = (onFound?: OnFoundAt): Pass => ({ above: new Set(), left: MOST_VALUES, onFound });

  return {
    fields(value, onFound) {
      const filtered = visit(value, begin(onFound), '$', 0);
      return isFields(filtered) ? filtered : { value: filtered };
    },
    attributes(value) {
      const pass = begin();
      const kept: Fields = {};
      for (const [key, item] of entriesOf(value)) {
        const filtered = visitField(key, item, pass, '', 0);
        if (filtered === undefined || filtered === null) continue;
        kept[safeKey(key)] = isAttribute(filtered) ? filtered : JSON.stringify(filtered);
      }
      return kept;
    },
  };
};

const parseJson = (value: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(value);
    return parsed === null ? undefined : parsed;
  } catch {
    return undefined;
  }
};

const readOf = (value: object, key: string): unknown => {
  try {
    return (value as Fields)[key];
  } catch {
    return UNREADABLE;
  }
};

const entriesOf = (value: object): [string, unknown][] => {
  if (types.isProxy(value)) return [];
  return Object.keys(value).map((key) => [key, readOf(value, key)]);
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAttribute = (value: unknown): boolean =>
  typeof value !== 'object' ||
  (Array.isArray(value) &&
    value.every((item) => typeof item === typeof value[0] && typeof item !== 'object'));

/** Decimals are money here; their digits lie in an array that no rule would recognise. */
const isDecimal = (value: object): boolean => {
  const name: unknown = readOf((readOf(value, 'constructor') as object) ?? {}, 'name');
  return name === 'Decimal' || name === 'BigNumber' || name === 'Big';
};
