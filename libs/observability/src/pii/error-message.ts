import { types } from 'node:util';
import { readOf } from './read';

/** An apostrophe inside a word quotes nothing. What is not closed is quoted to its end. */
const QUOTED = /"[^"]*(?:"|$)|`[^`]*(?:`|$)|“[^”]*(?:”|$)|(?<!\w)'[^']*(?:'(?!\w)|$)/g;

/** What an error's message quotes is what somebody sent, or what was read: it goes, whatever it looks like. */
export const withoutQuoted = (message: string): string => message.replace(QUOTED, '"…"');

/**
 * What may be told of an error: its `telemetryMessage` where it has one, which says what happened without any data;
 * else its message without what that quotes.
 */
export const tellableMessage = (error: object): { readonly message: string; readonly isOwn: boolean } => {
  const own = readOf(error, 'telemetryMessage');
  if (typeof own === 'string') return { message: own, isOwn: true };
  const message = readOf(error, 'message');
  return { message: typeof message === 'string' ? withoutQuoted(message) : '', isOwn: false };
};

const FRAME = /^\s{1,16}at /;

/** The frames alone: the head of a stack repeats the message. */
export const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => FRAME.test(line))
    .join('\n');

const LONGEST_CHAIN = 20;

/** The messages of an error and of its causes, each with what may be told of it. */
export const tellableMessages = (error: unknown): ReadonlyMap<string, string> => {
  const told = new Map<string, string>();
  const queue: unknown[] = [error];
  for (let seen = 0; queue.length > 0 && seen < LONGEST_CHAIN; seen += 1) {
    const next = queue.shift();
    if (typeof next !== 'object' || next === null || types.isProxy(next)) continue;
    const message = readOf(next, 'message');
    if (typeof message === 'string') told.set(message, tellableMessage(next).message);
    const errors = readOf(next, 'errors');
    queue.push(
      readOf(next, 'cause'),
      ...(Array.isArray(errors) ? (errors as unknown[]).slice(0, LONGEST_CHAIN) : []),
    );
  }
  return told;
};
