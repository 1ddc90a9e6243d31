import type { LedgerDecimal } from '../number';

/** The tokens of Beancount's syntax; their names stand in its error messages. */
export enum Token {
  EOF,
  INDENT,
  EOL,
  PIPE,
  ATAT,
  AT,
  LCURLCURL,
  RCURLCURL,
  LCURL,
  RCURL,
  COMMA,
  TILDE,
  HASH,
  ASTERISK,
  SLASH,
  COLON,
  PLUS,
  MINUS,
  LPAREN,
  RPAREN,
  FLAG,
  /** One capital letter before white space: a flag or, from version 3 on, a currency. */
  CAPITAL,
  TXN,
  BALANCE,
  OPEN,
  CLOSE,
  COMMODITY,
  PAD,
  EVENT,
  PRICE,
  NOTE,
  DOCUMENT,
  QUERY,
  CUSTOM,
  PUSHTAG,
  POPTAG,
  PUSHMETA,
  POPMETA,
  OPTION,
  INCLUDE,
  PLUGIN,
  NONE,
  BOOL,
  DATE,
  ACCOUNT,
  CURRENCY,
  STRING,
  NUMBER,
  TAG,
  LINK,
  KEY,
  /** What the lexer could not read; it has reported it. */
  INVALID,
}

/** What a token stands for: text, or the number of NUMBER. */
export type TokenValue = string | LedgerDecimal;

export function tokenName(token: Token): string {
  return token === Token.EOF ? 'end of file' : Token[token];
}
