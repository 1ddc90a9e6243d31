import { fillPlaceholders, isIsoDate, pick, type PanelFormat } from '@dawsos/contracts';
import { cellOf, numberOf } from './printed';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Verbs by the sign of an amount. */
const VERBS: Readonly<Record<string, readonly [plus: string, minus: string]>> = {
  added: ['added', 'took'],
  earned: ['earned', 'lost'],
};

/**
 * A sentence of a pattern with its figures in place; null where one of them is a gap: nothing is said rather than
 * half of it. `{path:format}` prints by a panel's formats, or `day` (31 December 2024), `size` and `amount` (a
 * share, an amount without its sign), `added` and `earned` (a verb by the sign, then the amount).
 */
export function sentence(template: string, data: unknown, baseCurrency: string | null): string | null {
  let whole = true;
  const text = fillPlaceholders(template, (path, format) => {
    const said = saying(pick(data, path), format ?? 'text', baseCurrency);
    if (said === null) whole = false;
    return said ?? '';
  });
  return whole ? text : null;
}

function saying(value: unknown, format: string, baseCurrency: string | null): string | null {
  if (value === null || value === undefined) return null;
  if (format === 'day') return typeof value === 'string' && isIsoDate(value) ? dayInWords(value) : null;
  const verbs = VERBS[format];
  const number = numberOf(value);
  if (verbs !== undefined || format === 'size' || format === 'amount') {
    if (number === null) return null;
    const size = number.abs().toFixed();
    if (format === 'size') return cellOf(size, { format: 'percent' }).text;
    const amount = cellOf(size, { format: 'money', code: baseCurrency }).text;
    return verbs === undefined ? amount : `${verbs[number.lessThan(0) ? 1 : 0]} ${amount}`;
  }
  const isAmount = format === 'money' || format === 'change';
  return cellOf(value, {
    format: format as PanelFormat,
    code: isAmount ? baseCurrency : null,
  }).text;
}

/** `2024-12-31` as "31 December 2024". */
export function dayInWords(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${String(Number(day))} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}
