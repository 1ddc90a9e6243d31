export type NumberFormat = 'text' | 'decimal' | 'money' | 'percent' | 'date';

/** A decimal in plain digits, rounded half up to `places` and grouped; text that is no number stays as it is. */
export function formatNumber(value: string, places: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (match === null) return value;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const scaled = BigInt(whole + fraction.padEnd(places + 1, '0').slice(0, places + 1));
  const rounded = ((scaled + 5n) / 10n).toString().padStart(places + 1, '0');
  const digits = rounded.slice(0, rounded.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  const text = places === 0 ? digits : `${digits}.${rounded.slice(-places)}`;
  return /[1-9]/.test(text) ? sign + text : text;
}

/** A share such as "0.0731" as "7.31 %". */
export function formatPercent(value: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (match === null) return value;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const digits = fraction.padEnd(2, '0');
  const shifted = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  const rest = digits.slice(2);
  return `${formatNumber(`${sign}${shifted}${rest === '' ? '' : `.${rest}`}`, 2)} %`;
}

export function formatCell(value: unknown, format: NumberFormat | undefined): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (isListOfTexts(value)) return value.length === 0 ? '–' : value.join('; ');
  if (typeof value === 'object') return JSON.stringify(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (format) {
    case 'percent':
      return formatPercent(text);
    case 'money':
      return formatNumber(text, 2);
    case 'decimal':
      return /\.\d{5,}$/.test(text) ? formatNumber(text, 4) : formatNumber(text, decimalsOf(text));
    case 'text':
    case 'date':
    case undefined:
      return text;
  }
}

const isListOfTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((member) => typeof member === 'string');

const decimalsOf = (text: string) => /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
