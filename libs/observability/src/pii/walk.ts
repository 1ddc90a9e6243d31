import { types } from 'node:util';
import { framesOf, tellableMessage } from './error-message';
import type { KeyClassifier } from './key';
import { isSecretNumber } from './number';
import type { Pseudonyms } from './pseudonym';
import {
  entriesOf,
  hasDecimalFields,
  isAttribute,
  isDecimal,
  isFields,
  parseJson,
  readOf,
  UNREADABLE,
  type Fields,
} from './read';
import type { Rule } from './rule';
import { REDACTED, type OnFound } from './replacement';
import type { TextFilter } from './text';

const DEEPEST = 16;
const MOST_VALUES = 20_000;
const MOST_IDS = 1_000;
const LONGEST_JSON = 16_384;
const TOO_DEEP = '[TRUNCATED]';
const CIRCULAR = '[CIRCULAR]';

export interface Walk {
  fields(value: object, onFound?: OnFoundAt): Fields;
  attributes(value: Readonly<Record<string, unknown>>): Fields;
}
/** Told of each finding with the path to it, for the report. */
export type OnFoundAt = (path: string, rule: Rule | undefined, value: unknown) => void;

const SIMPLE_KEY = /^[A-Za-z_$][\w.$-]{0,63}$/;
const LONG_RUN = /\d{4}|[A-Za-z0-9]{24}/;
/** What stands in place of a value that was replaced before. */
const MARKER =
  /^\[(?:REDACTED|CIRCULAR|TRUNCATED|UNREADABLE|FUNCTION|SYMBOL|REGEXP|BINARY \d{1,16} bytes)\]$/;
const KEYS_REMEMBERED = 5_000;
const LONGEST_KEY = 256;

const NUMBER_RULE: Rule = {
  name: 'number',
  action: 'redact',
  reason: 'may be an amount or an account number; its name is not known to be harmless',
};
const KEPT_RULE: Rule = { name: 'none', action: 'keep', reason: 'no rule names or finds anything in it' };

/** What becomes of a field, by its name alone. */
interface KeyPlan {
  /** The name as it leaves: it may hold an id itself. */
  readonly name: string;
  readonly rule: Rule | undefined;
}

/** The state of one pass: what is above the value at hand, and how much may still be looked at. */
interface Pass {
  readonly above: object[];
  left: number;
  readonly onFound: OnFoundAt | undefined;
}

/** Walks any value and builds a filtered copy of plain data. Total: what cannot be read is named, never sent. */
export const createWalk = (classify: KeyClassifier, text: TextFilter, pseudonyms: Pseudonyms): Walk => {
  const note = (pass: Pass, path: string): OnFound | undefined =>
    pass.onFound === undefined ? undefined : (rule, match) => pass.onFound?.(path, rule, match);

  const plans = new Map<string, KeyPlan>();
  const planOf = (key: string): KeyPlan => {
    const known = plans.get(key);
    if (known !== undefined) return known;
    const plain = SIMPLE_KEY.test(key) && !LONG_RUN.test(key) ? key : text.filter(key);
    // a name that had to be filtered is judged by what is left of it, so that a second pass judges the same
    const rule = (plain === key ? undefined : classify(plain)) ?? classify(key);
    const plan = { name: plain === '__proto__' ? '[__proto__]' : plain, rule };
    if (plans.size >= KEYS_REMEMBERED) plans.clear();
    if (key.length <= LONGEST_KEY) plans.set(key, plan);
    return plan;
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

  const filterNumber = (value: number | bigint, isKnown: boolean, pass: Pass, path: string): unknown => {
    if (isSecretNumber(value, isKnown)) {
      pass.onFound?.(path, NUMBER_RULE, value);
      return REDACTED;
    }
    return Number.isFinite(value) ? value : String(value);
  };

  const pseudonymOf = (rule: Rule, value: unknown, pass: Pass, path: string, depth: number): unknown => {
    if (types.isProxy(value)) return UNREADABLE;
    if (Array.isArray(value)) {
      if (depth > DEEPEST) return TOO_DEEP;
      const length = Math.min(value.length, MOST_IDS);
      return Array.from({ length }, (_, index) =>
        applyRule(rule, readOf(value, String(index)), pass, path, depth + 1),
      );
    }
    const isId = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
    const id = isId ? String(value) : visit(value, pass, path, depth);
    if (Array.isArray(id)) return pseudonymOf(rule, id, pass, path, depth);
    if (typeof id !== 'string' || id === '' || MARKER.test(id)) return id;
    pass.onFound?.(path, rule, value);
    return pseudonyms.of(id);
  };

  /** Applies a field's rule to all that is in it. */
  const applyRule = (rule: Rule, value: unknown, pass: Pass, path: string, depth: number): unknown => {
    if (value === null || value === undefined || typeof value === 'boolean') return value;
    if (rule.action === 'pseudonym') return pseudonymOf(rule, value, pass, path, depth);
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
      const plan = planOf(key);
      const open = plan.rule?.action === 'keep' || plan.rule?.action === 'pseudonym';
      if (!open) pass.onFound?.(`${path}.${plan.name}`, rule, item);
      kept[plan.name] = open ? visitField(plan, item, pass, path, depth + 1) : REDACTED;
    }
    return kept;
  };

  /** As `visitField`, and says too what was kept: values that no rule touched, or that one says are harmless. */
  const visitReporting = (
    { rule }: KeyPlan,
    value: unknown,
    pass: Pass,
    here: string,
    depth: number,
  ): unknown => {
    if (rule !== undefined && rule.action !== 'keep') return applyRule(rule, value, pass, here, depth);
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    const filtered = isNumber
      ? filterNumber(value, rule !== undefined, pass, here)
      : visit(value, pass, here, depth);
    if (filtered === value && typeof value !== 'object') pass.onFound?.(here, rule ?? KEPT_RULE, value);
    return filtered;
  };

  const visitField = (plan: KeyPlan, value: unknown, pass: Pass, path: string, depth: number): unknown => {
    const { rule, name } = plan;
    const here = pass.onFound === undefined ? path : `${path}.${name}`;
    if (pass.onFound !== undefined) return visitReporting(plan, value, pass, here, depth);
    if (rule === undefined) return visit(value, pass, here, depth);
    if (rule.action !== 'keep') return applyRule(rule, value, pass, here, depth);
    if (typeof value !== 'number' && typeof value !== 'bigint') return visit(value, pass, here, depth);
    pass.left -= 1;
    return filterNumber(value, true, pass, here);
  };

  const visitObject = (value: object, pass: Pass, path: string, depth: number): unknown => {
    if (depth > DEEPEST) return TOO_DEEP;
    if (pass.above.includes(value)) return CIRCULAR;
    pass.above.push(value);
    try {
      return copy(value, pass, path, depth);
    } catch {
      return UNREADABLE;
    } finally {
      pass.above.pop();
    }
  };

  const copy = (value: object, pass: Pass, path: string, depth: number): unknown => {
    if (types.isProxy(value)) return UNREADABLE;
    if (Object.getPrototypeOf(value) === Object.prototype)
      return hasDecimalFields(value) ? REDACTED : copyPlain(value, pass, path, depth);
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
    if (types.isDate(value))
      return Number.isNaN(value.getTime()) ? 'Invalid Date' : text.filter(value.toISOString());
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

  /** As `copyFields`, for what most values are: no pairs are built. */
  const copyPlain = (value: object, pass: Pass, path: string, depth: number): Fields => {
    const kept: Fields = {};
    for (const key of Object.keys(value)) {
      if (pass.left <= 0) {
        kept['[TRUNCATED]'] = true;
        break;
      }
      const plan = planOf(key);
      kept[plan.name] = visitField(plan, readOf(value, key), pass, path, depth + 1);
    }
    return kept;
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
      const plan = planOf(key);
      kept[plan.name] = visitField(plan, item, pass, path, depth + 1);
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

  /** An error that says itself what may be told keeps its own fields to itself: they are what it must not tell. */
  const copyError = (error: Error, pass: Pass, path: string, depth: number): Fields => {
    const { message, isOwn } = tellableMessage(error);
    const stack = readOf(error, 'stack');
    const told = new Map<string, unknown>();
    for (const key of ['name', 'code', 'cause', ...(isOwn ? [] : ['errors'])]) {
      const value = readOf(error, key);
      if (value !== undefined) told.set(key, value);
    }
    if (!isOwn) for (const [key, value] of entriesOf(error)) told.set(key, value);
    told.set('message', message);
    if (typeof stack === 'string') told.set('stack', framesOf(stack));
    return copyFields(told, pass, path, depth);
  };

  const visit = (value: unknown, pass: Pass, path: string, depth: number): unknown => {
    pass.left -= 1;
    if (pass.left < 0) return TOO_DEEP;
    switch (typeof value) {
      case 'string':
        return filterText(value, pass, path, depth);
      case 'number':
      case 'bigint':
        return filterNumber(value, false, pass, path);
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

  const begin = (onFound?: OnFoundAt): Pass => ({ above: [], left: MOST_VALUES, onFound });

  return {
    fields(value, onFound) {
      const filtered = visit(value, begin(onFound), '$', 0);
      return isFields(filtered) ? filtered : { value: filtered };
    },
    attributes(value) {
      const pass = begin();
      const kept: Fields = {};
      for (const [key, item] of entriesOf(value)) {
        const plan = planOf(key);
        const filtered = visitField(plan, item, pass, '', 0);
        if (filtered === undefined || filtered === null) continue;
        kept[plan.name] = isAttribute(filtered) ? filtered : JSON.stringify(filtered);
      }
      return kept;
    },
  };
};
