import type { IsoDate } from '@dawsos/contracts';
import { MISSING, type CostSpec, type Missing } from '../incomplete';
import type { SourceLocation } from '../model';
import { LedgerDecimal } from '../number';
import { parseExpression, startsExpression } from './expression';
import { Token } from './token';
import { isCurrency, parseCurrency, type Parsing } from './values';

interface CompoundAmount {
  readonly numberPer: LedgerDecimal | Missing;
  readonly numberTotal: LedgerDecimal | Missing | undefined;
  readonly currency: string | Missing;
}
interface CostParts {
  amount?: CompoundAmount;
  date?: IsoDate;
  label?: string;
  merge?: true;
}

/** cost_spec : "{" cost_list "}" | "{{" cost_list "}}" | nothing; cost_list : [component] ("," component)* */
export function parseCostSpec(parsing: Parsing): CostSpec | undefined {
  const { tokens } = parsing;
  const opening = tokens.peek();
  if (opening !== Token.LCURL && opening !== Token.LCURLCURL) return undefined;
  const location = tokens.location;
  tokens.shift();
  const closing = opening === Token.LCURL ? Token.RCURL : Token.RCURLCURL;
  const parts: CostParts = {};
  const late: string[] = [];
  if (tokens.peek() !== closing && tokens.peek() !== Token.COMMA) late.push(...component(parsing, parts));
  while (tokens.accept(Token.COMMA)) late.push(...component(parsing, parts));
  tokens.expect(closing);
  for (const message of late) parsing.state.report(location, message);
  return costSpec(parsing, parts, location, opening === Token.LCURLCURL);
}

/** component : compound_amount | DATE | STRING | "*". @returns what is wrong, to be reported at the end of the spec. */
function component(parsing: Parsing, parts: CostParts): readonly string[] {
  const { tokens } = parsing;
  const token = tokens.peek();
  if (token === Token.DATE) {
    const date = tokens.take() as IsoDate;
    if (parts.date !== undefined) return [`Duplicate date: '${date}'.`];
    parts.date = date;
  } else if (token === Token.STRING) {
    const label = tokens.take();
    if (parts.label !== undefined) return [`Duplicate label: '${label}'.`];
    parts.label = label;
  } else if (token === Token.ASTERISK) {
    tokens.shift();
    if (parts.merge !== undefined) return ['Duplicate merge-cost spec'];
    parts.merge = true;
    return ['Cost merging is not supported yet'];
  } else {
    const amount = compoundAmount(parsing);
    if (parts.amount !== undefined) return [`Duplicate cost: '${compoundText(amount)}'.`];
    parts.amount = amount;
  }
  return [];
}

/** compound_amount : [expression] currency | expression [currency] | [expression] "#" [expression] currency */
function compoundAmount(parsing: Parsing): CompoundAmount {
  const { tokens } = parsing;
  const numberPer = startsExpression(tokens.peek()) ? parseExpression(tokens) : MISSING;
  if (tokens.accept(Token.HASH)) {
    const numberTotal = startsExpression(tokens.peek()) ? parseExpression(tokens) : MISSING;
    return { numberPer, numberTotal, currency: parseCurrency(parsing) };
  }
  if (isCurrency(tokens.peek())) return { numberPer, numberTotal: undefined, currency: tokens.take() };
  if (numberPer === MISSING) tokens.fail();
  return { numberPer, numberTotal: undefined, currency: MISSING };
}

function costSpec({ state }: Parsing, parts: CostParts, location: SourceLocation, total: boolean): CostSpec {
  const amount = parts.amount ?? { numberPer: MISSING, numberTotal: undefined, currency: MISSING };
  const spec = { kind: 'spec', date: parts.date, label: parts.label, currency: amount.currency } as const;
  const { numberPer, numberTotal } = amount;
  if (!total || parts.amount === undefined) return { ...spec, numberPer, numberTotal };
  if (numberTotal === undefined) return { ...spec, numberPer: LedgerDecimal.ZERO, numberTotal: numberPer };
  state.report(
    location,
    `Per-unit cost may not be specified using total cost syntax: '${compoundText(amount)}'; ignoring per-unit cost`,
  );
  return { ...spec, numberPer: LedgerDecimal.ZERO, numberTotal };
}

function compoundText({ numberPer, numberTotal, currency }: CompoundAmount): string {
  const total = numberTotal === undefined ? '' : ` # ${numberTotal?.toString() ?? ''}`;
  return `${numberPer?.toString() ?? ''}${total} ${currency ?? ''}`;
}
