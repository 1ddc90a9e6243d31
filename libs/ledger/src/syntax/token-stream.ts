import type { Faults } from '../faults';
import type { SourceLocation } from '../model';
import type { LedgerDecimal } from '../number';
import { Lexer } from './lexer';
import { Token, tokenName } from './token';

/** Thrown where no token fits the grammar; caught where directives are read, which goes on behind it. */
export class SyntaxFailure extends Error {
  constructor(
    readonly lexical: boolean,
    readonly expected: readonly Token[],
  ) {
    super('syntax error');
  }
}

/** Letters that version 2 takes for a flag. */
const CAPITAL_FLAGS: ReadonlySet<unknown> = new Set('PSTCURM');

/** Tokens that must be shifted after an error before the next one is reported. */
const QUIET_TOKENS = 3;

/**
 * One token of lookahead over the lexer, and the recovery of a Bison parser: after an error, tokens are dropped until
 * one can start a directive, and further errors keep silent until three tokens in a row have been taken.
 * A token is fetched only when it is asked for: what the lexer rejects breaks off the directive that waits for it.
 */
export class TokenStream {
  private readonly lexer: Lexer;
  private lookahead: Token | undefined;
  private quiet = 0;

  constructor(
    text: string,
    private readonly file: string,
    private readonly faults: Faults,
  ) {
    this.lexer = new Lexer(text, (line, message) => faults.report({ file, line }, message));
  }

  peek(): Token {
    this.lookahead ??= this.lexer.next();
    if (this.lookahead === Token.INVALID) throw new SyntaxFailure(true, []);
    return this.lookahead;
  }

  /** Takes the token that `peek` showed. */
  shift(): void {
    this.lookahead = undefined;
    if (this.quiet > 0) this.quiet -= 1;
  }

  /** Takes the next token if it is `token`. */
  accept(token: Token): boolean {
    if (this.peek() !== token) return false;
    this.shift();
    return true;
  }

  expect(token: Token): void {
    if (!this.accept(token)) this.fail(token);
  }

  text(token: Token): string {
    if (this.peek() !== token) this.fail(token);
    const text = this.lexer.value as string;
    this.shift();
    return text;
  }

  /** The text of the token that `peek` showed, which is then taken. */
  take(): string {
    const text = this.lexer.value as string;
    this.shift();
    return text;
  }

  takeNumber(): LedgerDecimal {
    const number = this.lexer.value as LedgerDecimal;
    this.shift();
    return number;
  }

  /** Where the token that `peek` showed stands. */
  get location(): SourceLocation {
    return { file: this.file, line: this.lexer.line };
  }

  reportAt(location: SourceLocation, message: string): void {
    this.faults.report(location, message);
  }

  fail(...expected: readonly Token[]): never {
    throw new SyntaxFailure(false, expected);
  }

  /** Reports the failure unless errors keep silent. @returns whether to go on: false at the end of the file. */
  recover(failure: SyntaxFailure): boolean {
    if (failure.lexical) {
      this.lookahead = undefined;
      this.quiet = QUIET_TOKENS;
      return true;
    }
    const token = this.peek();
    if (token === Token.CAPITAL && !CAPITAL_FLAGS.has(this.lexer.value)) {
      // Where version 3 makes nothing of a single letter either, it is what version 2 calls it.
      this.faults.report(this.location, `Invalid token: '${String(this.lexer.value)}'`);
      return this.recover(new SyntaxFailure(true, []));
    }
    if (this.quiet === 0) this.faults.report(this.location, describe(token, failure.expected));
    if (this.quiet === QUIET_TOKENS) {
      if (token === Token.EOF) return false;
      this.lookahead = undefined;
    }
    this.quiet = QUIET_TOKENS;
    return true;
  }
}

function describe(token: Token, expected: readonly Token[]): string {
  const wanted =
    expected.length > 0 && expected.length < 5 ? `, expecting ${expected.map(tokenName).join(' or ')}` : '';
  return `syntax error, unexpected ${tokenName(token)}${wanted}`;
}
