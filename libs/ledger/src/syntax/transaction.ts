import type { IsoDate } from '@dawsos/contracts';
import {
  MISSING,
  type IncompleteAmount,
  type IncompletePosting,
  type IncompleteTransaction,
  type KeyValue,
} from '../incomplete';
import type { MetaValue, SourceLocation } from '../model';
import { LedgerDecimal } from '../number';
import { parseCostSpec } from './cost';
import { locate } from './meta';
import { Token } from './token';
import {
  isLineEnd,
  parseAccount,
  parseIncompleteAmount,
  parseKeyValue,
  parseLineEnd,
  type Parsing,
} from './values';

export interface TagsLinks {
  readonly tags: Set<string>;
  readonly links: Set<string>;
}

/** tags_links : (TAG | LINK)* */
export function parseTagsLinks({ tokens }: Parsing, into: TagsLinks): void {
  for (;;) {
    const token = tokens.peek();
    if (token === Token.TAG) into.tags.add(tokens.take());
    else if (token === Token.LINK) into.links.add(tokens.take());
    else return;
  }
}

/** eol, behind tags and links */
function expectHeaderEnd({ tokens }: Parsing): void {
  if (!isLineEnd(tokens.peek())) tokens.fail(Token.EOF, Token.EOL, Token.TAG, Token.LINK);
  tokens.shift();
}

/** Holds what the indented lines under a transaction say. */
interface Body {
  readonly meta: Map<string, MetaValue>;
  readonly postings: { posting: Omit<IncompletePosting, 'meta'>; meta: Map<string, MetaValue> | undefined }[];
  readonly faults: string[];
}

const NO_META: ReadonlyMap<string, MetaValue> = new Map();

/** transaction : DATE flag (STRING | "|")* tags_links eol (INDENT [posting | key_value | tags_links] eol)* */
export function parseTransaction(
  parsing: Parsing,
  date: IsoDate,
  flag: string,
  start: SourceLocation,
): IncompleteTransaction | undefined {
  const { tokens, state } = parsing;
  const strings = parseStrings(parsing);
  const tagsLinks: TagsLinks = { tags: new Set(), links: new Set() };
  parseTagsLinks(parsing, tagsLinks);
  expectHeaderEnd(parsing);
  const body: Body = { meta: new Map(), postings: [], faults: [] };
  while (tokens.peek() === Token.INDENT) parseBodyLine(parsing, body, tagsLinks);
  for (const fault of body.faults) state.report(start, fault);
  const tags = state.withPushedTags(tagsLinks.tags);
  const meta = state.withPushedMeta(body.meta);
  const location = locate(meta, start);
  if (strings.length > 2) {
    state.report(location, `Too many strings on transaction description: ${strings.join(', ')}`);
    return undefined;
  }
  const postings = body.postings.map(({ posting, meta: own }) =>
    own === undefined
      ? { ...posting, meta: NO_META }
      : { ...posting, meta: own, location: locate(own, posting.location) },
  );
  const payee = strings.length === 2 ? (strings[0] ?? null) : null;
  const narration = strings.at(-1) ?? '';
  return {
    type: 'transaction',
    date,
    meta,
    location,
    flag,
    payee,
    narration,
    tags,
    links: [...tagsLinks.links],
    postings,
  };
}

function parseStrings({ tokens, state }: Parsing): readonly string[] {
  const strings: string[] = [];
  for (;;) {
    const token = tokens.peek();
    if (token === Token.STRING) {
      strings.push(tokens.take());
    } else if (token === Token.PIPE) {
      const location = tokens.location;
      tokens.shift();
      if (!state.options.pipeSeparator) state.report(location, 'Pipe symbol is deprecated.');
    } else {
      return strings;
    }
  }
}

function parseBodyLine(parsing: Parsing, body: Body, header: TagsLinks): void {
  const { tokens } = parsing;
  tokens.peek();
  const location = tokens.location;
  tokens.shift();
  const token = tokens.peek();
  if (isLineEnd(token)) {
    tokens.shift();
  } else if (token === Token.TAG || token === Token.LINK) {
    const line: TagsLinks = { tags: new Set(), links: new Set() };
    parseTagsLinks(parsing, line);
    expectHeaderEnd(parsing);
    if (body.postings.length > 0) body.faults.push('Tags or links not allowed after first Posting');
    for (const tag of line.tags) header.tags.add(tag);
    for (const link of line.links) header.links.add(link);
  } else if (token === Token.KEY) {
    const keyValue = parseKeyValue(parsing);
    parseLineEnd(parsing);
    addKeyValue(body, keyValue);
  } else {
    body.postings.push({ posting: parsePosting(parsing, location), meta: undefined });
  }
}

function addKeyValue(body: Body, [key, value]: KeyValue): void {
  const last = body.postings.at(-1);
  const meta = last === undefined ? body.meta : (last.meta ??= new Map<string, MetaValue>());
  const known = meta.get(key);
  if (known === undefined) meta.set(key, value);
  else if (!isSameObject(known, value)) {
    body.faults.push(
      `Duplicate ${last === undefined ? 'metadata field on entry' : 'posting metadata field'}: ${key}`,
    );
  }
}

/** Beancount compares by identity: what Python holds once (None, booleans, accounts, texts of one character) may stand twice. */
function isSameObject(one: MetaValue, other: MetaValue): boolean {
  if (one.kind === 'none' || other.kind === 'none') return one.kind === other.kind;
  if (one.value !== other.value) return false;
  if (one.kind === 'boolean' || one.kind === 'account') return one.kind === other.kind;
  return typeof one.value === 'string' && one.kind !== 'date' && one.value.length <= 1;
}

/** posting : [flag] account [incomplete_amount cost_spec [("@" | "@@") incomplete_amount]] eol */
function parsePosting(parsing: Parsing, start: SourceLocation): Omit<IncompletePosting, 'meta'> {
  const { tokens, state } = parsing;
  const flag = parseFlag(parsing);
  const account = parseAccount(parsing);
  if (isLineEnd(tokens.peek())) {
    tokens.shift();
    return { account, units: MISSING, cost: undefined, price: undefined, flag, location: start };
  }
  const units = parseIncompleteAmount(parsing);
  const cost = parseCostSpec(parsing);
  const marker = tokens.peek();
  let price: IncompleteAmount | undefined;
  if (marker === Token.AT || marker === Token.ATAT) {
    tokens.shift();
    price = parseIncompleteAmount(parsing);
    parseLineEnd(parsing);
    price = unitPrice(parsing, units, positive(parsing, price, start), marker === Token.ATAT, start);
  } else {
    if (!isLineEnd(marker)) tokens.fail(Token.EOF, Token.EOL, Token.ATAT, Token.AT);
    tokens.shift();
  }
  const currencies = [cost?.currency, price?.currency];
  if (currencies.every((currency) => typeof currency === 'string') && currencies[0] !== currencies[1]) {
    state.report(start, `Cost and price currencies must match: ${currencies.join(' != ')}`);
  }
  return { account, units, cost, price, flag, location: start };
}

function parseFlag({ tokens }: Parsing): string | null {
  const token = tokens.peek();
  const isFlag =
    token === Token.FLAG || token === Token.ASTERISK || token === Token.HASH || token === Token.CAPITAL;
  return isFlag ? tokens.take() : null;
}

function positive({ state }: Parsing, price: IncompleteAmount, location: SourceLocation): IncompleteAmount {
  const { number, currency } = price;
  if (number === MISSING || number.sign >= 0) return price;
  state.report(
    location,
    `Negative prices are not allowed: ${number.toString()} ${currency ?? ''} ` +
      '(see http://furius.ca/beancount/doc/bug-negative-prices for workaround)',
  );
  return { number: number.abs(), currency };
}

/** A total price (`@@`) as the price of one unit. */
function unitPrice(
  { state }: Parsing,
  units: IncompleteAmount,
  price: IncompleteAmount,
  isTotal: boolean,
  location: SourceLocation,
): IncompleteAmount | undefined {
  if (!isTotal) return price;
  if (units.number === MISSING) {
    state.report(
      location,
      `Total price on a posting without units: ${price.number?.toString() ?? ''} ${price.currency ?? ''}.`,
    );
    return undefined;
  }
  if (price.number === MISSING) return price;
  const number = units.number.isZero ? LedgerDecimal.ZERO : price.number.divide(units.number.abs());
  return { number, currency: price.currency };
}
