import { BOOKING_METHODS, type BookingMethod } from './model';
import { LedgerDecimal } from './number';

/** The options of one file, as far as they bear on loading; the ledger's are those of its first file. */
export interface FileOptions {
  readonly strings: Map<string, string>;
  readonly operatingCurrencies: string[];
  readonly documents: string[];
  readonly includes: string[];
  readonly toleranceDefaults: Map<string, LedgerDecimal>;
  toleranceMultiplier: LedgerDecimal;
  toleranceFromCost: boolean;
  bookingMethod: BookingMethod;
  pipeSeparator: boolean;
  rawPlugins: boolean;
}

const STRING_DEFAULTS: readonly (readonly [string, string])[] = [
  ['title', 'Beancount'],
  ['name_assets', 'Assets'],
  ['name_liabilities', 'Liabilities'],
  ['name_equity', 'Equity'],
  ['name_income', 'Income'],
  ['name_expenses', 'Expenses'],
  ['account_previous_balances', 'Opening-Balances'],
  ['account_previous_earnings', 'Earnings:Previous'],
  ['account_previous_conversions', 'Conversions:Previous'],
  ['account_current_earnings', 'Earnings:Current'],
  ['account_current_conversions', 'Conversions:Current'],
  ['account_rounding', ''],
  ['account_unrealized_gains', 'Earnings:Unrealized'],
  ['conversion_currency', 'NOTHING'],
  ['render_commas', 'FALSE'],
  ['long_string_maxlines', '64'],
  ['insert_pythonpath', 'FALSE'],
  ['input_hash', ''],
  ['commodities', ''],
  ['dcontext', ''],
];
const READ_ONLY: ReadonlySet<string> = new Set(['filename', 'plugin']);
const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ['allow_pipe_separator', 'Allowing pipe separator temporary; this will go away eventually.'],
  ['allow_deprecated_none_for_tags_and_links', 'Allowing None for tags and link will go away eventually.'],
]);

export const NAME_OPTIONS = [
  'name_assets',
  'name_liabilities',
  'name_equity',
  'name_income',
  'name_expenses',
] as const;

export function defaultOptions(): FileOptions {
  return {
    strings: new Map(STRING_DEFAULTS),
    operatingCurrencies: [],
    documents: [],
    includes: [],
    toleranceDefaults: new Map(),
    toleranceMultiplier: LedgerDecimal.parse('0.5'),
    toleranceFromCost: false,
    bookingMethod: 'STRICT',
    pipeSeparator: false,
    rawPlugins: false,
  };
}

/** The faults of setting an option, in Beancount's words; none when it is set. */
export function setOption(options: FileOptions, key: string, value: string): readonly string[] {
  if (READ_ONLY.has(key)) return [`Option '${key}' may not be set`];
  const convert = CONVERTED[key];
  if (convert === undefined) {
    if (!options.strings.has(key)) return [`Invalid option: '${key}'`];
    options.strings.set(key, value);
    return [];
  }
  const deprecation = DEPRECATED.get(key);
  const faults = deprecation === undefined ? [] : [deprecation];
  const fault = convert(options, value);
  return fault === undefined ? faults : [...faults, `Error for option '${key}': ${fault}`];
}

type Converter = (options: FileOptions, value: string) => string | undefined;

const CONVERTED: Readonly<Record<string, Converter | undefined>> = {
  operating_currency: (options, value) => void options.operatingCurrencies.push(value),
  documents: (options, value) => void options.documents.push(value),
  include: (options, value) => void options.includes.push(value),
  infer_tolerance_from_cost: (options, value) => void (options.toleranceFromCost = isTrue(value)),
  allow_pipe_separator: (options, value) => void (options.pipeSeparator = isTrue(value)),
  allow_deprecated_none_for_tags_and_links: () => undefined,
  inferred_tolerance_multiplier: (options, value) => {
    const number = readNumber(value);
    if (number === undefined) return unreadable(value);
    options.toleranceMultiplier = number;
    return undefined;
  },
  // The older name of inferred_tolerance_multiplier in version 3.
  tolerance_multiplier: (options, value) => CONVERTED['inferred_tolerance_multiplier']?.(options, value),
  inferred_tolerance_default: (options, value) => {
    const colon = value.lastIndexOf(':');
    if (colon < 0) return `Invalid value '${value}'`;
    const number = readNumber(value.slice(colon + 1));
    if (number === undefined) return unreadable(value.slice(colon + 1));
    options.toleranceDefaults.set(value.slice(0, colon), number);
    return undefined;
  },
  booking_method: (options, value) => {
    const method = bookingMethod(value);
    if (method === undefined) return `'${value}'`;
    options.bookingMethod = method;
    return undefined;
  },
  plugin_processing_mode: (options, value) => {
    if (value !== 'raw' && value !== 'default') return `Invalid value '${value}'`;
    options.rawPlugins = value === 'raw';
    return undefined;
  },
};

const unreadable = (text: string) => `Impossible to create Decimal instance from ${text}`;
const isTrue = (value: string) => ['1', 'true', 'yes'].includes(value.toLowerCase());

/** As Python's `D()`: commas and blanks stripped, nothing for zero. */
function readNumber(text: string): LedgerDecimal | undefined {
  const digits = text.replace(/[, ]/g, '');
  if (digits === '') return LedgerDecimal.ZERO;
  try {
    return LedgerDecimal.parse(digits);
  } catch {
    return undefined;
  }
}

export function bookingMethod(name: string): BookingMethod | undefined {
  return BOOKING_METHODS.find((method) => method === name);
}
