import type { Attributes } from '@opentelemetry/api';
import { framesOf } from '../pii/error-message';

/** What instrumentations put on spans by default and what may hold anything: it is left out, whatever it looks like. */
const LEFT_OUT =
  /^(?:url\.(?:path|query|fragment)|http\.(?:target|user_agent|(?:request|response)\.(?:body|header)(?:\.[\w.-]{1,128})?)|user_agent\.original|db\.(?:query\.parameters?|operation\.parameter|postgresql\.values)(?:\.[\w.-]{1,128})?|bullmq\.job\.(?:result|failed\.reason|name|data)|messaging\.message\.body|exception\.message)$/;
const ADDRESSES = ['url.full', 'http.url'];
const STATEMENTS = ['db.query.text', 'db.statement'];
const CODE = /^[\w.-]{1,64}$/;

/** A statement without its literals; of Redis, whose commands are nothing but data, the command's name. */
export const withoutLiterals = (statement: string, system: unknown): string => {
  if (system === 'redis') return /^\w{1,32}/.exec(statement)?.[0] ?? '?';
  return statement
    .replace(/\/\*[\s\S]{0,4000}?(?:\*\/|$)|--[^\n]{0,4000}/g, '')
    .replace(/\$([A-Za-z_]\w{0,32})?\$[\s\S]{0,16000}?(?:\$\1\$|$)/g, '?')
    .replace(
      /\b[EeBbXxNn]?'(?:[^'\\]|''|\\[\s\S]){0,16000}(?:'|$)|'(?:[^'\\]|''|\\[\s\S]){0,16000}(?:'|$)/g,
      '?',
    )
    .replace(/(?<![\w$."])\d[\d.]{0,64}(?:[eE][+-]?\d{1,4})?/g, '?');
};

const origin = (address: string): string => URL.parse(address)?.origin ?? '?';

const mend = (attributes: Attributes, name: string, change: (value: string) => string): void => {
  const value = attributes[name];
  if (value !== undefined) attributes[name] = typeof value === 'string' ? change(value) : '?';
};

/**
 * Takes out of attributes, in place, what auto-instrumentation collects of requests, statements and errors. `all` are
 * those of the span, where `attributes` are some of them.
 */
export const withoutForeignData = (attributes: Attributes, all: Attributes = attributes): void => {
  for (const name of Object.keys(attributes)) if (LEFT_OUT.test(name)) delete attributes[name];
  const system = all['db.system.name'] ?? all['db.system'];
  for (const name of STATEMENTS) mend(attributes, name, (text) => withoutLiterals(text, system));
  for (const name of ADDRESSES) mend(attributes, name, origin);
  mend(attributes, 'exception.stacktrace', framesOf);
};

/** The message of a span's status may stay where it is a code; a sentence repeats what somebody sent. */
export const statusCodeOnly = (message: string, attributes: Attributes): string => {
  if (CODE.test(message)) return message;
  const type = attributes['error.type'];
  return typeof type === 'string' && CODE.test(type) ? type : '';
};
