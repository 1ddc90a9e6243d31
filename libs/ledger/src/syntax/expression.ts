import { LedgerDecimal } from '../number';
import { Token } from './token';
import type { TokenStream } from './token-stream';

const STARTS: ReadonlySet<Token> = new Set([Token.NUMBER, Token.MINUS, Token.PLUS, Token.LPAREN]);
/** Deeper nesting is a fault: it would overflow the stack. */
const DEPTH_MAX = 500;

export function startsExpression(token: Token): boolean {
  return STARTS.has(token);
}

/** expression : term (("+" | "-") term)* */
export function parseExpression(tokens: TokenStream, depth = 0): LedgerDecimal {
  let value = parseTerm(tokens, depth);
  for (;;) {
    const operator = tokens.peek();
    if (operator !== Token.PLUS && operator !== Token.MINUS) return value;
    tokens.shift();
    const right = parseTerm(tokens, depth);
    value = operator === Token.PLUS ? value.add(right) : value.subtract(right);
  }
}

/** term : factor (("*" | "/") factor)* */
function parseTerm(tokens: TokenStream, depth: number): LedgerDecimal {
  let value = parseFactor(tokens, depth);
  for (;;) {
    const operator = tokens.peek();
    if (operator !== Token.ASTERISK && operator !== Token.SLASH) return value;
    tokens.shift();
    if (operator === Token.ASTERISK) {
      value = value.multiply(parseFactor(tokens, depth));
    } else {
      const location = tokens.location;
      const divisor = parseFactor(tokens, depth);
      if (divisor.isZero) {
        tokens.reportAt(location, 'Division by zero');
        value = LedgerDecimal.ZERO;
      } else {
        value = value.divide(divisor);
      }
    }
  }
}

/** factor : NUMBER | "-" factor | "+" factor | "(" expression ")" */
function parseFactor(tokens: TokenStream, depth: number): LedgerDecimal {
  const token = tokens.peek();
  if (token === Token.NUMBER) return tokens.takeNumber();
  if (depth > DEPTH_MAX) tokens.fail();
  if (token === Token.MINUS) {
    tokens.shift();
    return parseFactor(tokens, depth + 1).negate();
  }
  if (token === Token.PLUS) {
    tokens.shift();
    return parseFactor(tokens, depth + 1);
  }
  if (token !== Token.LPAREN) tokens.fail(Token.PLUS, Token.MINUS, Token.LPAREN, Token.NUMBER);
  tokens.shift();
  const value = parseExpression(tokens, depth + 1);
  tokens.expect(Token.RPAREN);
  return value;
}
