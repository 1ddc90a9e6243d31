import { DawsosError, type JsonObject, type JsonValue } from '@dawsos/contracts';
import type { JSONPath } from 'jsonc-parser';
import { requireValue, scanReference, type Reference, type Scope } from './reference';

/**
 * An argument with its references parsed. `{{x}}` as the whole text keeps the value's type; inside other text
 * it is written in. Results are never expanded again, so `{{…}}` in data stays text. `\{{` writes `{{`.
 */
export type Template =
  | { readonly kind: 'constant'; readonly value: JsonValue }
  | { readonly kind: 'value'; readonly reference: Reference }
  | { readonly kind: 'text'; readonly parts: readonly (string | Reference)[] }
  | { readonly kind: 'array'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] };

/** A reference and where it stands: the member's path, and the offset into its text. */
export interface PlacedReference {
  readonly reference: Reference;
  readonly path: JSONPath;
  readonly offset: number;
}

export interface TemplateSink {
  reference(placed: PlacedReference): void;
  fault(path: JSONPath, offset: number, message: string): void;
}

/** Parses every string in `value`; references and faults go to `sink`. */
export function compileTemplate(value: JsonValue, path: JSONPath, sink: TemplateSink): Template {
  if (typeof value === 'string') return compileText(value, path, sink);
  if (value === null || typeof value !== 'object') return { kind: 'constant', value };
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue, index) => compileTemplate(item, [...path, index], sink));
    return items.every((item) => item.kind === 'constant')
      ? { kind: 'constant', value }
      : { kind: 'array', items };
  }
  const members = Object.entries(value).map(
    ([key, member]) => [key, compileTemplate(member, [...path, key], sink)] as const,
  );
  return members.every(([, member]) => member.kind === 'constant')
    ? { kind: 'constant', value }
    : { kind: 'object', members };
}

function compileText(text: string, path: JSONPath, sink: TemplateSink): Template {
  const parts: (string | Reference)[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('\\{{', at)) {
      literal += '{{';
      at += 3;
    } else if (text.startsWith('{{', at)) {
      const scanned = scanBraces(text, at);
      if (!scanned.ok) {
        sink.fault(path, scanned.offset, scanned.message);
        return { kind: 'constant', value: text };
      }
      sink.reference({ reference: scanned.value, path, offset: scanned.start });
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push(scanned.value);
      at = scanned.end;
    } else {
      literal += text[at];
      at += 1;
    }
  }
  if (parts.length === 0) return { kind: 'constant', value: literal };
  if (literal !== '') parts.push(literal);
  const [only] = parts;
  return parts.length === 1 && typeof only === 'object'
    ? { kind: 'value', reference: only }
    : { kind: 'text', parts };
}

type Braces =
  | { readonly ok: true; readonly value: Reference; readonly start: number; readonly end: number }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Reads `{{ reference }}` at `open`. */
export function scanBraces(text: string, open: number): Braces {
  const start = skipBlanks(text, open + 2);
  const scanned = scanReference(text, start);
  if (!scanned.ok) return scanned;
  const close = skipBlanks(text, scanned.end);
  if (!text.startsWith('}}', close)) {
    return { ok: false, offset: close, message: `expected "}}" after "${scanned.value.text}"` };
  }
  return { ok: true, value: scanned.value, start, end: close + 2 };
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ') at++;
  return at;
}

/** @throws DawsosError `reference_missing` */
export function renderTemplate(template: Template, scope: Scope, stepId: string): JsonValue {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'value':
      return requireValue(template.reference, scope, stepId);
    case 'text':
      return template.parts
        .map((part) => (typeof part === 'string' ? part : textOf(part, scope, stepId)))
        .join('');
    case 'array':
      return template.items.map((item) => renderTemplate(item, scope, stepId));
    case 'object':
      return renderMembers(template.members, scope, stepId);
  }
}

export function renderMembers(
  members: readonly (readonly [string, Template])[],
  scope: Scope,
  stepId: string,
): JsonObject {
  return Object.fromEntries(members.map(([key, member]) => [key, renderTemplate(member, scope, stepId)]));
}

function textOf(reference: Reference, scope: Scope, stepId: string): string {
  const value = requireValue(reference, scope, stepId);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  throw new DawsosError(
    'reference_missing',
    `step "${stepId}": {{${reference.text}}} is ${found}, which cannot stand inside text; use it as the whole value`,
    { extensions: { step_id: stepId, reference: reference.text } },
  );
}
