import { LedgerDecimal } from '../number';
import { Token, type TokenValue } from './token';

/** Reports what cannot be read: the line, from 1, and why. */
export type ReportLexical = (line: number, message: string) => void;

const NON_ASCII = '(?:[\\u0080-\\ud7ff\\ue000-\\uffff]|[\\ud800-\\udbff][\\udc00-\\udfff])';
const ACCOUNT = new RegExp(
  `(?:[A-Z]|${NON_ASCII})(?:[A-Za-z0-9-]|${NON_ASCII})*(?::(?:[A-Z0-9]|${NON_ASCII})(?:[A-Za-z0-9-]|${NON_ASCII})*)+`,
  'y',
);
const ASCII_ACCOUNT = /[A-Z][A-Za-z0-9-]*(?::[A-Z0-9][A-Za-z0-9-]*)+(?![A-Za-z0-9:\u0080-\uffff-])/y;
const CURRENCY = /[A-Z][A-Z0-9'._-]*[A-Z0-9]/y;
const SLASH_CURRENCY = /\/[A-Z0-9'._-]*[A-Z](?:[A-Z0-9'._-]*[A-Z0-9])?/y;
const DATE = /([0-9]{4,})[-/]([0-9]+)[-/]([0-9]+)/y;
const NUMBER = /(?:[0-9][0-9,]*[0-9]|[0-9])(?:\.[0-9]*)?/y;
const STRING = /"(?:[^\\"]|\\.)*"/y;
const TAG_OR_LINK = /[#^][A-Za-z0-9\-_/.]+/y;
const KEY = /[a-z][a-zA-Z0-9\-_]+(?=:)/y;
const INDENT = /[ \t]+(?=[^ \t\r\n])/y;
const BLANK = /[ \t\r]+/y;
const UP_TO_BLANK = /[^ \t\n\r]+/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b' };
const STRAY_BYTES = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;
const STRING_LINES_MAX = 64;
const NUMBER_LENGTH_MAX = 255;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const KEYWORDS: readonly (readonly [string, Token])[] = [
  ['txn', Token.TXN],
  ['balance', Token.BALANCE],
  ['open', Token.OPEN],
  ['close', Token.CLOSE],
  ['commodity', Token.COMMODITY],
  ['pad', Token.PAD],
  ['event', Token.EVENT],
  ['query', Token.QUERY],
  ['custom', Token.CUSTOM],
  ['price', Token.PRICE],
  ['note', Token.NOTE],
  ['document', Token.DOCUMENT],
  ['pushtag', Token.PUSHTAG],
  ['poptag', Token.POPTAG],
  ['pushmeta', Token.PUSHMETA],
  ['popmeta', Token.POPMETA],
  ['option', Token.OPTION],
  ['plugin', Token.PLUGIN],
  ['include', Token.INCLUDE],
];
const WORDS: ReadonlyMap<string, Token> = new Map([
  ['TRUE', Token.BOOL],
  ['FALSE', Token.BOOL],
  ['NULL', Token.NONE],
]);
const SINGLE: ReadonlyMap<string, Token> = new Map([
  ['|', Token.PIPE],
  [',', Token.COMMA],
  ['~', Token.TILDE],
  ['+', Token.PLUS],
  ['-', Token.MINUS],
  ['/', Token.SLASH],
  ['(', Token.LPAREN],
  [')', Token.RPAREN],
  ['#', Token.HASH],
  ['*', Token.ASTERISK],
  [':', Token.COLON],
  ['!', Token.FLAG],
  ['&', Token.FLAG],
  ['?', Token.FLAG],
  ['%', Token.FLAG],
]);
const DOUBLE: ReadonlyMap<string, readonly [Token, Token]> = new Map([
  ['@', [Token.AT, Token.ATAT]],
  ['{', [Token.LCURL, Token.LCURLCURL]],
  ['}', [Token.RCURL, Token.RCURLCURL]],
]);
/** A line that starts with one of these and goes on is no ledger: an org-mode heading, a note, a drawer. */
const IGNORED_AT_LINE_START = '*:#!&?%PSTCURM';
const CAPITAL_FLAGS = 'PSTCURM';

/**
 * Reads one token at a time by Beancount's rule (the longest match, the earlier rule among equals). A token's line is
 * where it *ends*, as there: an EOL counts for the following line.
 */
export class Lexer {
  line = 1;
  value: TokenValue = '';
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly report: ReportLexical,
  ) {}

  next(): Token {
    for (;;) {
      const at = this.position;
      const char = this.text[at];
      if (char === undefined) return Token.EOF;
      const lineStart = at === 0 || this.text.charCodeAt(at - 1) === 10;
      if (char === '\n') {
        this.position += 1;
        this.line += 1;
        return Token.EOL;
      }
      if (char === ' ' || char === '\t' || char === '\r') {
        if (lineStart && this.match(INDENT) !== undefined) return Token.INDENT;
        this.match(BLANK);
      } else if (char === ';') {
        this.skipLine();
      } else {
        const token = this.read(char, lineStart);
        if (token !== undefined) return token;
        this.skipLine();
      }
    }
  }

  /** The token at the position; undefined for a line to be ignored. */
  private read(char: string, lineStart: boolean): Token | undefined {
    if (char >= '0' && char <= '9') return this.dateOrNumber();
    if (char === '"') return this.string();
    if (char >= 'a' && char <= 'z') return this.keyOrKeyword();
    if ((char >= 'A' && char <= 'Z') || char > '\u007f') return this.capitalised(char, lineStart);
    if (char === '#' || char === '^') {
      const tag = this.match(TAG_OR_LINK);
      if (tag !== undefined) return this.give(char === '#' ? Token.TAG : Token.LINK, tag.slice(1));
    }
    if (char === '/') {
      const currency = this.match(SLASH_CURRENCY);
      if (currency !== undefined) return this.give(Token.CURRENCY, currency);
    }
    if (lineStart && this.startsIgnoredLine(char)) return undefined;
    const double = DOUBLE.get(char);
    if (double !== undefined) {
      const twice = this.text[this.position + 1] === char;
      this.position += twice ? 2 : 1;
      return twice ? double[1] : double[0];
    }
    const single = SINGLE.get(char);
    if (single === undefined) return this.invalid();
    this.position += 1;
    return this.give(single, char);
  }

  private capitalised(char: string, lineStart: boolean): Token | undefined {
    const account = this.match(ASCII_ACCOUNT) ?? this.match(ACCOUNT);
    if (account !== undefined) return this.give(Token.ACCOUNT, account);
    const currency = this.match(CURRENCY);
    if (currency !== undefined) return this.give(WORDS.get(currency) ?? Token.CURRENCY, currency);
    if (lineStart && this.startsIgnoredLine(char)) return undefined;
    const next = this.text[this.position + 1];
    if (char <= 'Z' && (next === ' ' || next === '\t' || next === '\n')) {
      this.position += 1;
      return this.give(Token.CAPITAL, char);
    }
    if (!CAPITAL_FLAGS.includes(char)) return this.invalid();
    this.position += 1;
    return this.give(Token.FLAG, char);
  }

  private startsIgnoredLine(char: string): boolean {
    const next = this.text[this.position + 1];
    return next !== undefined && next !== '\n' && IGNORED_AT_LINE_START.includes(char);
  }

  private keyOrKeyword(): Token {
    const key = this.match(KEY);
    if (key !== undefined) return this.give(Token.KEY, key);
    for (const [word, token] of KEYWORDS) {
      if (this.text.startsWith(word, this.position)) {
        this.position += word.length;
        return token;
      }
    }
    return this.invalid();
  }

  private dateOrNumber(): Token {
    DATE.lastIndex = this.position;
    const date = DATE.exec(this.text);
    if (date !== null) {
      this.position = DATE.lastIndex;
      const fault = dateFault(Number(date[1]), Number(date[2]), Number(date[3]));
      if (fault !== undefined) return this.refuse(`ValueError: ${fault}`);
      const [, year = '', month = '', day = ''] = date;
      return this.give(Token.DATE, `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`);
    }
    const text = this.match(NUMBER) ?? '';
    const digits = text.includes(',') ? withoutCommas(text) : text;
    if (digits === undefined || digits.length > NUMBER_LENGTH_MAX) {
      return this.refuse(`ValueError: Invalid number format: '${text}'`);
    }
    return this.give(Token.NUMBER, LedgerDecimal.ofDigits(digits));
  }

  private string(): Token {
    const quoted = this.match(STRING);
    if (quoted === undefined) return this.invalid();
    let text = quoted.slice(1, -1);
    if (text.includes('\n')) {
      const lines = text.split('\n').length;
      this.line += lines - 1;
      if (lines > STRING_LINES_MAX) return this.refuse(`ValueError: String too long (${lines} lines)`);
    }
    if (text.includes('\\')) {
      text = text.replace(/\\(.)/gs, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
    }
    return this.give(Token.STRING, text.replace(STRAY_BYTES, ''));
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    if (!pattern.test(this.text)) return undefined;
    const start = this.position;
    this.position = pattern.lastIndex;
    return this.text.slice(start, this.position);
  }

  private give(token: Token, value: TokenValue): Token {
    this.value = value;
    return token;
  }

  private refuse(message: string): Token {
    this.report(this.line, message);
    return Token.INVALID;
  }

  private invalid(): Token {
    return this.refuse(`Invalid token: '${this.match(UP_TO_BLANK) ?? ''}'`);
  }

  private skipLine(): void {
    const end = this.text.indexOf('\n', this.position);
    this.position = end < 0 ? this.text.length : end;
  }
}

const padded = (digits: string, length: number) => digits.replace(/^0+/, '').padStart(length, '0');

/** Why the day does not exist, in Python's words. */
function dateFault(year: number, month: number, day: number): string | undefined {
  if (year < 1 || year > 9999) return `year ${year} is out of range`;
  if (month < 1 || month > 12) return 'month must be in 1..12';
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 31);
  return day < 1 || day > last ? 'day is out of range for month' : undefined;
}

/** The number without its thousands separators; undefined where these stand wrong. Up to two digits lead unchecked, as in Beancount. */
function withoutCommas(text: string): string | undefined {
  let digits = 0;
  for (const [index, char] of [...text].entries()) {
    if (char === ',') {
      if (index > 2 && digits !== 3) return undefined;
      digits = 0;
    } else if (char === '.') {
      return digits === 3 ? text.replaceAll(',', '') : undefined;
    } else {
      digits += 1;
    }
  }
  return digits === 3 ? text.replaceAll(',', '') : undefined;
}
