import { isIsoDate, type IsoDate } from '@dawsos/contracts';

/** What a capability asked of the pack or the ledger. */
export type Question =
  | { readonly ask: 'price'; readonly commodity: string; readonly date: IsoDate }
  | { readonly ask: 'prices'; readonly commodity: string; readonly from: IsoDate; readonly to: IsoDate }
  | { readonly ask: 'rate'; readonly base: string; readonly quote: string; readonly date: IsoDate }
  | {
      readonly ask: 'rates';
      readonly base: string;
      readonly quote: string;
      readonly from: IsoDate;
      readonly to: IsoDate;
    }
  | { readonly ask: 'portfolio' }
  | { readonly ask: 'entries'; readonly from: IsoDate | undefined; readonly to: IsoDate }
  | { readonly ask: 'lots'; readonly to: IsoDate }
  | { readonly ask: 'commodity'; readonly currency: string }
  | { readonly ask: 'facts'; readonly commodity: string }
  | { readonly ask: 'account'; readonly name: string }
  | { readonly ask: 'customs'; readonly name: string; readonly to: IsoDate };

/**
 * The key of a read, from which the question can be read back: `AAPL@2025-10-22`,
 * `USD:CAD@2022-01-03..2025-10-22`, `entries@..2025-10-22`, `lots@2025-10-22`,
 * `account Assets:Cash`, `facts AAPL`, `customs split@2025-10-22`. A commodity's
 * name holds no `@`, `:` or blank.
 */
export function keyOf(question: Question): string {
  switch (question.ask) {
    case 'price':
      return `${question.commodity}@${question.date}`;
    case 'prices':
      return `${question.commodity}@${question.from}..${question.to}`;
    case 'rate':
      return `${question.base}:${question.quote}@${question.date}`;
    case 'rates':
      return `${question.base}:${question.quote}@${question.from}..${question.to}`;
    case 'portfolio':
      return 'portfolio';
    case 'entries':
      return `entries@${question.from ?? ''}..${question.to}`;
    case 'lots':
      return `lots@${question.to}`;
    case 'commodity':
      return `commodity ${question.currency}`;
    case 'facts':
      return `facts ${question.commodity}`;
    case 'account':
      return `account ${question.name}`;
    case 'customs':
      return `customs ${question.name}@${question.to}`;
  }
}

const CUSTOMS = 'customs ';
const DATED = /^(.*)@(?:(\d{4}-\d{2}-\d{2})?(\.\.))?(\d{4}-\d{2}-\d{2})$/;

/** The question of a read's kind and key; undefined when they are none of ours. */
export function questionOf(kind: string, key: string): Question | undefined {
  const isDated = key.startsWith('entries@') || key.startsWith('lots@') || key.startsWith(CUSTOMS);
  if (kind === 'ledger' && !isDated) return undatedQuestion(key);
  const match = DATED.exec(key);
  const [subject, from, to] = [match?.[1], match?.[2], match?.[4]];
  const isSeries = match?.[3] !== undefined;
  if (subject === undefined || to === undefined || !isIsoDate(to)) return undefined;
  if (from !== undefined && !isIsoDate(from)) return undefined;
  if (kind === 'ledger' && key.startsWith(CUSTOMS)) {
    return isSeries ? undefined : { ask: 'customs', name: subject.slice(CUSTOMS.length), to };
  }
  if (kind === 'ledger' && subject === 'lots') return isSeries ? undefined : { ask: 'lots', to };
  if (kind === 'ledger') return isSeries ? { ask: 'entries', from, to } : undefined;
  if (isSeries && from === undefined) return undefined;
  if (kind === 'price') {
    return from === undefined
      ? { ask: 'price', commodity: subject, date: to }
      : { ask: 'prices', commodity: subject, from, to };
  }
  const [base, quote] = subject.split(':');
  if (kind !== 'rate' || base === undefined || quote === undefined) return undefined;
  return from === undefined
    ? { ask: 'rate', base, quote, date: to }
    : { ask: 'rates', base, quote, from, to };
}

function undatedQuestion(key: string): Question | undefined {
  if (key === 'portfolio') return { ask: 'portfolio' };
  const [ask, name] = [key.slice(0, key.indexOf(' ')), key.slice(key.indexOf(' ') + 1)];
  if (ask === 'commodity') return { ask, currency: name };
  if (ask === 'facts') return { ask, commodity: name };
  return ask === 'account' ? { ask, name } : undefined;
}

/** The last day that a dated read asked about: `2025-10-22` of both examples above; undefined when undated. */
export function askedDay(key: string): string | undefined {
  return DATED.exec(key)?.[4];
}
