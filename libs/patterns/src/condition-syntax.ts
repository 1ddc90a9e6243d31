import { Decimal } from '@dawsos/contracts';
import { scanReference, type Reference } from './reference';
import { scanBraces } from './template';

export const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type Operand =
  | { readonly kind: 'literal'; readonly value: null | boolean | string | Decimal }
  | { readonly kind: 'reference'; readonly reference: Reference };

export type Condition =
  | { readonly kind: 'or' | 'and'; readonly terms: readonly Condition[] }
  | { readonly kind: 'not'; readonly term: Condition }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'truth'; readonly operand: Operand };

export type ParsedCondition =
  | {
      readonly ok: true;
      readonly condition: Condition;
      readonly references: readonly { readonly reference: Reference; readonly offset: number }[];
    }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const MAX_DEPTH = 50;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?\d{1,40}(?:\.\d{1,40})?/y;
const QUOTED = /'([^']*)'|"([^"]*)"/y;

class ConditionError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Parses a condition; a fault comes back as a value with the offset at which it stands. */
export function parseCondition(text: string): ParsedCondition {
  const parser = new ConditionParser(text);
  try {
    return { ok: true, condition: parser.parse(), references: parser.references };
  } catch (error) {
    if (error instanceof ConditionError) return { ok: false, message: error.message, offset: error.offset };
    throw error;
  }
}

class ConditionParser {
  readonly references: { reference: Reference; offset: number }[] = [];
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  /** condition := or END */
  parse(): Condition {
    const condition = this.or();
    this.blanks();
    if (this.at < this.text.length) throw this.expected('"and", "or" or the end');
    return condition;
  }

  /** or := and ("or" and)* */
  private or(): Condition {
    const terms = [this.and()];
    while (this.word('or')) terms.push(this.and());
    return terms.length === 1 && terms[0] !== undefined ? terms[0] : { kind: 'or', terms };
  }

  /** and := not ("and" not)* */
  private and(): Condition {
    const terms = [this.not()];
    while (this.word('and')) terms.push(this.not());
    return terms.length === 1 && terms[0] !== undefined ? terms[0] : { kind: 'and', terms };
  }

  /** not := "not" not | "(" or ")" | comparison */
  private not(): Condition {
    if (++this.depth > MAX_DEPTH) {
      throw new ConditionError(`nested deeper than ${MAX_DEPTH} levels`, this.at);
    }
    const condition = this.word('not') ? { kind: 'not' as const, term: this.not() } : this.primary();
    this.depth--;
    return condition;
  }

  private primary(): Condition {
    if (!this.symbol('(')) return this.comparison();
    const inner = this.or();
    if (!this.symbol(')')) throw this.expected('")"');
    return inner;
  }

  /** comparison := operand (("==" | "!=" | "<" | ">" | "<=" | ">=") operand)? */
  private comparison(): Condition {
    const left = this.operand();
    this.blanks();
    const operator = COMPARISONS.find((symbol) => this.text.startsWith(symbol, this.at));
    if (operator === undefined) {
      if (this.text[this.at] === '=') throw new ConditionError('write "==" to compare', this.at);
      return { kind: 'truth', operand: left };
    }
    this.at += operator.length;
    const right = this.operand();
    if (COMPARISONS.some((symbol) => this.peek(symbol))) {
      throw new ConditionError('a comparison has two sides; join two with "and"', this.at);
    }
    return { kind: 'compare', operator, left, right };
  }

  /** operand := number | quoted text | "true" | "false" | "null" | path | "{{" path "}}" */
  private operand(): Operand {
    this.blanks();
    const number = this.match(NUMBER);
    if (number !== null) return { kind: 'literal', value: new Decimal(number[0]) };
    const quoted = this.match(QUOTED);
    if (quoted !== null) return { kind: 'literal', value: quoted[1] ?? quoted[2] ?? '' };
    for (const [word, value] of [
      ['null', null],
      ['true', true],
      ['false', false],
    ] as const) {
      if (this.word(word)) return { kind: 'literal', value };
    }
    return { kind: 'reference', reference: this.path() };
  }

  private path(): Reference {
    const braced = this.text.startsWith('{{', this.at);
    const scanned = braced ? scanBraces(this.text, this.at) : scanReference(this.text, this.at);
    if (!scanned.ok) throw new ConditionError(scanned.message, scanned.offset);
    const word = scanned.value.text;
    if (word === 'and' || word === 'or' || word === 'not') throw this.expected(`a value before "${word}"`);
    this.references.push({
      reference: scanned.value,
      offset: braced ? this.text.indexOf(word, this.at) : this.at,
    });
    this.at = scanned.end;
    return scanned.value;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at += match[0].length;
    return match;
  }

  private word(word: string): boolean {
    this.blanks();
    WORD.lastIndex = this.at;
    if (WORD.exec(this.text)?.[0] !== word) return false;
    const after = this.text[this.at + word.length];
    if (after === '.' || after === '[') return false;
    this.at += word.length;
    return true;
  }

  private peek(symbol: string): boolean {
    this.blanks();
    return this.text.startsWith(symbol, this.at);
  }

  private symbol(symbol: string): boolean {
    if (!this.peek(symbol)) return false;
    this.at += symbol.length;
    return true;
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private expected(what: string): ConditionError {
    const found = this.at < this.text.length ? `"${this.text.slice(this.at, this.at + 12)}"` : 'the end';
    return new ConditionError(`expected ${what}, found ${found}`, this.at);
  }
}
