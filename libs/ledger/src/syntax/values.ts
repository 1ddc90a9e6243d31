import type { IncompleteAmount, KeyValue } from '../incomplete';
import { MISSING } from '../incomplete';
import type { MetaValue } from '../model';
import { parseExpression, startsExpression } from './expression';
import type { FileState } from './file-state';
import { Token } from './token';
import type { TokenStream } from './token-stream';

/** What every rule reads from and reports to. */
export interface Parsing {
  readonly tokens: TokenStream;
  readonly state: FileState;
}

export function isCurrency(token: Token): boolean {
  return token === Token.CURRENCY || token === Token.CAPITAL;
}

/** currency : CURRENCY | CAPITAL */
export function parseCurrency({ tokens }: Parsing): string {
  if (!isCurrency(tokens.peek())) tokens.fail(Token.CURRENCY);
  return tokens.take();
}

/** account : ACCOUNT */
export function parseAccount({ tokens, state }: Parsing): string {
  if (tokens.peek() !== Token.ACCOUNT) tokens.fail(Token.ACCOUNT);
  const location = tokens.location;
  return state.account(tokens.take(), location);
}

/** eol : EOL | end of file */
export function parseLineEnd({ tokens }: Parsing): void {
  const token = tokens.peek();
  if (token !== Token.EOL && token !== Token.EOF) tokens.fail(Token.EOF, Token.EOL);
  tokens.shift();
}

export function isLineEnd(token: Token): boolean {
  return token === Token.EOL || token === Token.EOF;
}

/** incomplete_amount : [expression] [currency] */
export function parseIncompleteAmount(parsing: Parsing): IncompleteAmount {
  const { tokens } = parsing;
  const number = startsExpression(tokens.peek()) ? parseExpression(tokens) : MISSING;
  const currency = isCurrency(tokens.peek()) ? tokens.take() : MISSING;
  return { number, currency };
}

/** key_value : KEY ":" [STRING | account | DATE | currency | TAG | BOOL | NULL | expression [currency]] */
export function parseKeyValue(parsing: Parsing): KeyValue {
  const { tokens } = parsing;
  const key = tokens.text(Token.KEY);
  tokens.expect(Token.COLON);
  return [key, parseValue(parsing) ?? parseCurrencyOrNothing(parsing)];
}

function parseCurrencyOrNothing(parsing: Parsing): MetaValue {
  const { tokens } = parsing;
  const token = tokens.peek();
  if (isCurrency(token)) return { kind: 'currency', value: tokens.take() };
  if (token === Token.TAG) return { kind: 'tag', value: tokens.take() };
  if (token === Token.NONE) tokens.shift();
  return { kind: 'none' };
}

/** value : STRING | DATE | BOOL | account | expression [currency] */
export function parseValue(parsing: Parsing): MetaValue | undefined {
  const { tokens } = parsing;
  const token = tokens.peek();
  if (token === Token.STRING) return { kind: 'string', value: tokens.take() };
  if (token === Token.DATE) return { kind: 'date', value: tokens.take() };
  if (token === Token.ACCOUNT) return { kind: 'account', value: parseAccount(parsing) };
  if (token === Token.BOOL) return { kind: 'boolean', value: tokens.take() === 'TRUE' };
  if (!startsExpression(token)) return undefined;
  const number = parseExpression(tokens);
  if (!isCurrency(tokens.peek())) return { kind: 'number', value: number };
  return { kind: 'amount', value: { number, currency: tokens.take() } };
}
