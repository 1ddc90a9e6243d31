import type { JsonValue } from '@dawsos/contracts';
import {
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  visit,
  type JSONPath,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { inFileOrder, type PatternFault, type Position } from './fault';

export const MAX_PATTERN_CHARACTERS = 1_000_000;
const MAX_DEPTH = 64;
const EXCERPT_WIDTH = 100;

/** Which part of a member a fault stands at: its key, its value, or `offset` characters into its text. */
export type Spot = 'key' | 'value' | { readonly offset: number };

/** A pattern file's text with the way back from a JSON path to line and column. */
export interface PatternSource {
  readonly file: string;
  readonly value: JsonValue;
  fault(path: JSONPath, message: string, spot?: Spot): PatternFault;
}

export type ParsedSource =
  | { readonly ok: true; readonly source: PatternSource }
  | { readonly ok: false; readonly faults: readonly PatternFault[] };

/** Strict JSON: comments, trailing commas, doubled keys and `__proto__` are faults. Never throws. */
export function parseSource(file: string, text: string): ParsedSource {
  if (text.length > MAX_PATTERN_CHARACTERS) {
    const message = `the file is larger than ${MAX_PATTERN_CHARACTERS} characters`;
    return { ok: false, faults: [faultAt(file, text, 0, message)] };
  }
  const depth = deepest(text);
  if (depth !== undefined) {
    return { ok: false, faults: [faultAt(file, text, depth, `nested deeper than ${MAX_DEPTH} levels`)] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const faults = errors.map(({ error, offset }) => faultAt(file, text, offset, syntaxMessage(error)));
  faults.push(...keyFaults(file, text));
  if (faults.length > 0) return { ok: false, faults: inFileOrder(faults) };
  if (root === undefined) return { ok: false, faults: [faultAt(file, text, 0, 'the file is empty')] };
  try {
    const value = JSON.parse(text) as JsonValue;
    const fault: PatternSource['fault'] = (path, message, spot = 'value') =>
      faultAt(file, text, offsetOf(text, root, path, spot), message);
    return { ok: true, source: { file, value, fault } };
  } catch (error) {
    return {
      ok: false,
      faults: [faultAt(file, text, 0, error instanceof Error ? error.message : 'not JSON')],
    };
  }
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not JSON',
  InvalidNumberFormat: 'this is not a JSON number',
  PropertyNameExpected: 'expected a key in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected ":" after the key',
  CommaExpected: 'expected ","',
  CloseBraceExpected: 'expected "}"',
  CloseBracketExpected: 'expected "]"',
  EndOfFileExpected: 'expected the end of the file',
  InvalidCommentToken: 'comments are not allowed: a pattern is strict JSON; use "description"',
  UnexpectedEndOfComment: 'comments are not allowed: a pattern is strict JSON; use "description"',
  UnexpectedEndOfString: 'the text has no closing quote',
  InvalidEscapeCharacter: 'this escape is not one of JSON',
};

function syntaxMessage(code: ParseError['error']): string {
  const name = printParseErrorCode(code);
  return SYNTAX_MESSAGES[name] ?? `not valid JSON (${name})`;
}

/** The offset at which nesting passes the limit: looked for before the recursive parser runs. */
function deepest(text: string): number | undefined {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      if (++depth > MAX_DEPTH) return index;
    } else if (character === '}' || character === ']') depth--;
  }
  return undefined;
}

function keyFaults(file: string, text: string): PatternFault[] {
  const faults: PatternFault[] = [];
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (key, offset) => {
      const seen = open.at(-1);
      if (key === '__proto__')
        faults.push(faultAt(file, text, offset, '"__proto__" is not allowed as a key'));
      if (seen?.has(key)) faults.push(faultAt(file, text, offset, `the key "${key}" stands here twice`));
      seen?.add(key);
    },
  });
  return faults;
}

/** The offset of what `path` names, or of the nearest thing around it that is there. */
function offsetOf(text: string, root: Node, path: JSONPath, spot: Spot): number {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node === undefined) continue;
    const isWhole = length === path.length;
    if (!isWhole) return node.offset;
    if (spot === 'key' && node.parent?.type === 'property') return node.parent.offset;
    if (typeof spot === 'object') return rawOffset(text, node, spot.offset);
    return node.offset;
  }
  return root.offset;
}

/** Where the `offset`-th character of a JSON string's value stands in the file, escapes counted. */
function rawOffset(text: string, node: Node, offset: number): number {
  if (node.type !== 'string') return node.offset;
  let raw = node.offset + 1;
  for (let passed = 0; passed < offset && raw < node.offset + node.length - 1; passed++) {
    if (text[raw] !== '\\') raw += 1;
    else raw += text[raw + 1] === 'u' ? 6 : 2;
  }
  return raw;
}

function faultAt(file: string, text: string, offset: number, message: string): PatternFault {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const position: Position = {
    file,
    line: text.slice(0, lineStart).split('\n').length,
    column: offset - lineStart + 1,
  };
  const line = text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  return { position, message, excerpt: excerpt(line, position) };
}

function excerpt(line: string, { line: number, column }: Position): string {
  const from = Math.max(0, column - EXCERPT_WIDTH / 2);
  const shown = line.slice(from, from + EXCERPT_WIDTH).replace(/[^\P{Cc}]/gu, ' ');
  const gutter = `${number} | `;
  return `${gutter}${shown}\n${' '.repeat(gutter.length + column - 1 - from)}^`;
}
