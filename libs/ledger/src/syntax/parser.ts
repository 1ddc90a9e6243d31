import type { IsoDate } from '@dawsos/contracts';
import type { Faults } from '../faults';
import type { ParsedDirective } from '../incomplete';
import type { Meta, MetaValue, SourceLocation } from '../model';
import { bookingMethod } from '../options';
import { parseExpression } from './expression';
import { FileState } from './file-state';
import { locate } from './meta';
import { Token } from './token';
import { SyntaxFailure, TokenStream } from './token-stream';
import { parseTagsLinks, parseTransaction, type TagsLinks } from './transaction';
import {
  isCurrency,
  isLineEnd,
  parseAccount,
  parseCurrency,
  parseKeyValue,
  parseLineEnd,
  parseValue,
  type Parsing,
} from './values';

/**
 * Reads one file of a ledger. Written by hand because Beancount's errors follow from how its parser reads: a token at a
 * time, only when needed, with the recovery of Bison. Never throws: faults are reported, and reading goes on.
 */
export function parseFile(text: string, file: string, faults: Faults): FileState {
  const state = new FileState(file, faults);
  const parsing = { tokens: new TokenStream(text, file, faults), state };
  // declarations : (EOL | dated | undated)* end of file
  for (let more = true; more;) {
    try {
      more = parseDeclaration(parsing);
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      if (!parsing.tokens.recover(error)) {
        // Beancount gives up the file where its end stands in the middle of a recovery.
        state.entries.length = 0;
        more = false;
      }
    }
  }
  state.finish();
  return state;
}

/** @returns false at the end of the file. */
function parseDeclaration(parsing: Parsing): boolean {
  const { tokens, state } = parsing;
  const token = tokens.peek();
  if (token === Token.EOF) return false;
  if (token === Token.EOL) {
    tokens.shift();
    return true;
  }
  if (token === Token.DATE) {
    const location = tokens.location;
    const entry = parseDated(parsing, tokens.take() as IsoDate, location);
    if (entry !== undefined) state.entries.push(entry);
    return true;
  }
  const rule = UNDATED.get(token);
  if (rule === undefined) return tokens.fail();
  const location = tokens.location;
  tokens.shift();
  rule(parsing, location);
  return true;
}

const UNDATED: ReadonlyMap<Token, (parsing: Parsing, location: SourceLocation) => void> = new Map([
  [Token.PUSHTAG, (parsing: Parsing) => parsing.state.pushTag(line(parsing, Token.TAG))],
  [
    Token.POPTAG,
    (parsing: Parsing, location: SourceLocation) => parsing.state.popTag(line(parsing, Token.TAG), location),
  ],
  [
    Token.PUSHMETA,
    (parsing: Parsing) => {
      const [key, value] = parseKeyValue(parsing);
      parseLineEnd(parsing);
      parsing.state.pushMeta(key, value);
    },
  ],
  [
    Token.POPMETA,
    (parsing: Parsing, location: SourceLocation) => {
      const key = parsing.tokens.text(Token.KEY);
      parsing.tokens.expect(Token.COLON);
      parseLineEnd(parsing);
      parsing.state.popMeta(key, location);
    },
  ],
  [
    Token.OPTION,
    (parsing: Parsing, location: SourceLocation) => {
      const key = parsing.tokens.text(Token.STRING);
      parsing.state.option(key, line(parsing, Token.STRING), location);
    },
  ],
  [
    Token.INCLUDE,
    (parsing: Parsing, location: SourceLocation) =>
      void parsing.state.includes.push({ pattern: line(parsing, Token.STRING), location }),
  ],
  [
    Token.PLUGIN,
    (parsing: Parsing) => {
      const name = parsing.tokens.text(Token.STRING);
      const config = parsing.tokens.peek() === Token.STRING ? parsing.tokens.take() : undefined;
      parseLineEnd(parsing);
      parsing.state.plugins.push({ name, config });
    },
  ],
]);

/** The text of `token` and the end of its line. */
function line(parsing: Parsing, token: Token): string {
  const text = parsing.tokens.text(token);
  parseLineEnd(parsing);
  return text;
}

function parseDated(parsing: Parsing, date: IsoDate, location: SourceLocation): ParsedDirective | undefined {
  const { tokens } = parsing;
  const token = tokens.peek();
  if (token === Token.TXN || token === Token.ASTERISK) {
    tokens.shift();
    return parseTransaction(parsing, date, '*', location);
  }
  if (token === Token.FLAG || token === Token.HASH || token === Token.CAPITAL) {
    return parseTransaction(parsing, date, tokens.take(), location);
  }
  const rule = DATED.get(token);
  if (rule === undefined) return tokens.fail();
  tokens.shift();
  return rule(parsing, { date, location });
}

interface Head {
  readonly date: IsoDate;
  readonly location: SourceLocation;
}
interface Tail extends Head {
  readonly meta: Meta;
}
type DatedRule = (parsing: Parsing, head: Head) => ParsedDirective;

/** tail : eol (INDENT [key_value] eol)* */
function tail(parsing: Parsing, head: Head): Tail {
  const { tokens } = parsing;
  parseLineEnd(parsing);
  const meta = new Map<string, MetaValue>();
  while (tokens.peek() === Token.INDENT) {
    tokens.shift();
    const token = tokens.peek();
    if (token === Token.KEY) meta.set(...parseKeyValue(parsing));
    else if (!isLineEnd(token)) tokens.fail(Token.EOF, Token.EOL, Token.KEY);
    parseLineEnd(parsing);
  }
  return { date: head.date, meta, location: locate(meta, head.location) };
}

function tagsAndLinks(parsing: Parsing): { tags: readonly string[]; links: readonly string[] } {
  const found: TagsLinks = { tags: new Set(), links: new Set() };
  parseTagsLinks(parsing, found);
  return { tags: parsing.state.withPushedTags(found.tags), links: [...found.links] };
}

const DATED: ReadonlyMap<Token, DatedRule> = new Map<Token, DatedRule>([
  [Token.OPEN, parseOpen],
  [Token.CLOSE, (p, head) => ({ type: 'close', account: parseAccount(p), ...tail(p, head) })],
  [Token.COMMODITY, (p, head) => ({ type: 'commodity', currency: parseCurrency(p), ...tail(p, head) })],
  [
    Token.PAD,
    (p, head) => ({
      type: 'pad',
      account: parseAccount(p),
      sourceAccount: parseAccount(p),
      ...tail(p, head),
    }),
  ],
  [Token.BALANCE, parseBalance],
  [
    Token.PRICE,
    (p, head) => ({
      type: 'price',
      currency: parseCurrency(p),
      amount: { number: parseExpression(p.tokens), currency: parseCurrency(p) },
      ...tail(p, head),
    }),
  ],
  [
    Token.EVENT,
    (p, head) => ({
      type: 'event',
      name: p.tokens.text(Token.STRING),
      description: p.tokens.text(Token.STRING),
      ...tail(p, head),
    }),
  ],
  [
    Token.QUERY,
    (p, head) => ({
      type: 'query',
      name: p.tokens.text(Token.STRING),
      query: p.tokens.text(Token.STRING),
      ...tail(p, head),
    }),
  ],
  [
    Token.NOTE,
    (p, head) => ({
      type: 'note',
      account: parseAccount(p),
      comment: p.tokens.text(Token.STRING),
      ...tagsAndLinks(p),
      ...tail(p, head),
    }),
  ],
  [
    Token.DOCUMENT,
    (p, head) => ({
      type: 'document',
      account: parseAccount(p),
      filename: p.tokens.text(Token.STRING),
      ...tagsAndLinks(p),
      ...tail(p, head),
    }),
  ],
  [Token.CUSTOM, parseCustom],
]);

/** open : DATE "open" account [currency] ("," currency)* [STRING] tail */
function parseOpen(parsing: Parsing, head: Head): ParsedDirective {
  const { tokens, state } = parsing;
  const account = parseAccount(parsing);
  const currencies: string[] = [];
  if (isCurrency(tokens.peek())) currencies.push(tokens.take());
  while (tokens.accept(Token.COMMA)) currencies.push(parseCurrency(parsing));
  const method = tokens.peek() === Token.STRING ? tokens.take() : undefined;
  const rest = tail(parsing, head);
  let booking = method === undefined || method === '' ? null : bookingMethod(method);
  if (booking === undefined) {
    state.report(rest.location, `Invalid booking method: ${method ?? ''}`);
    booking = state.options.bookingMethod;
  }
  return { type: 'open', account, currencies, booking, ...rest };
}

/** balance : DATE "balance" account expression ["~" expression] currency tail */
function parseBalance(parsing: Parsing, head: Head): ParsedDirective {
  const { tokens } = parsing;
  const account = parseAccount(parsing);
  const number = parseExpression(tokens);
  const tolerance = tokens.accept(Token.TILDE) ? parseExpression(tokens) : null;
  const amount = { number, currency: parseCurrency(parsing) };
  return { type: 'balance', account, amount, tolerance, ...tail(parsing, head) };
}

/** custom : DATE "custom" STRING value* tail */
function parseCustom(parsing: Parsing, head: Head): ParsedDirective {
  const name = parsing.tokens.text(Token.STRING);
  const values: MetaValue[] = [];
  for (let value = parseValue(parsing); value !== undefined; value = parseValue(parsing)) values.push(value);
  return { type: 'custom', name, values, ...tail(parsing, head) };
}
