import { DawsosError, IsoDateSchema, isoDate, MOST_FIELD_ERRORS } from '@dawsos/contracts';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { createMarketCalendar, WEEKDAYS, type MarketCalendar } from './market-calendar';
import { isTimeZone } from './zoned-time';

/** Which calendar a price or a rate follows, and how old it may be. */
export interface Markets {
  /** The calendar of packs, and of what follows no other. */
  readonly standard: MarketCalendar;
  /**
   * The calendar of a commodity's prices, or of a pair's rates (`USD CAD`). The configuration goes before `declared`, the one
   * that the ledger's `commodity` directive names.
   * @throws DawsosError `ledger_has_errors` when `declared` is none of the calendars
   */
  calendarOf(kind: 'price' | 'rate', name: string, declared?: string): MarketCalendar;
  /** Sessions that it may be old, where it has a limit of its own. */
  maxAgeOf(name: string): number | undefined;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const NAME = /^[A-Z][A-Z0-9_]{0,31}$/;

const CalendarSchema = z
  .strictObject({
    time_zone: z
      .string()
      .refine(isTimeZone, { error: 'must be a time zone such as America/New_York' })
      .optional(),
    close: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as "16:00"' })
      .optional(),
    delay_minutes: z.int().min(0).max(1_440).default(0),
    weekend: z.array(z.enum(DAYS)).max(6).default(['saturday', 'sunday']),
    holidays: z.array(IsoDateSchema).default([]),
  })
  .refine((calendar) => (calendar.time_zone === undefined) === (calendar.close === undefined), {
    error: 'time_zone and close come together',
  });

const InstrumentSchema = z.strictObject({
  calendar: z.string().optional(),
  max_age_business_days: z.int().min(0).max(10_000).optional(),
});

export const MarketsSchema = z
  .strictObject({
    calendars: z.record(z.string(), CalendarSchema).default({}),
    /** The calendar of packs and of whatever names no other. */
    standard: z.string().default(WEEKDAYS.name),
    /** The calendar of exchange rates. */
    rates: z.string().optional(),
    /** By commodity, or by pair: `USD CAD`. */
    instruments: z.record(z.string(), InstrumentSchema).default({}),
  })
  .superRefine(({ calendars, standard, rates, instruments }, context) => {
    const named: [path: string[], name: string | undefined][] = [
      [['standard'], standard],
      [['rates'], rates],
      ...Object.entries(instruments).map(([name, { calendar }]): [string[], string | undefined] => [
        ['instruments', name, 'calendar'],
        calendar,
      ]),
    ];
    for (const name of Object.keys(calendars).filter((name) => !NAME.test(name))) {
      const message = 'must be a calendar name: upper-case letters, digits and _';
      context.addIssue({ code: 'custom', path: ['calendars', name], message });
    }
    for (const [path, name] of named) {
      if (name === undefined || name === WEEKDAYS.name || Object.hasOwn(calendars, name)) continue;
      context.addIssue({ code: 'custom', path, message: `is none of the calendars: ${name}` });
    }
  });
export type MarketsDefinition = z.input<typeof MarketsSchema>;

/**
 * Reads market calendars as YAML or JSON; `file` names the text in errors.
 * @throws DawsosError `invalid_configuration` with every fault and its place
 */
export function parseMarkets(text: string, file: string): Markets {
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new DawsosError('invalid_configuration', `${file}: ${error.message}`, { cause: error });
  }
  const result = MarketsSchema.safeParse(parsed ?? {});
  if (result.success) return createMarkets(result.data);
  const faults = result.error.issues
    .slice(0, MOST_FIELD_ERRORS)
    .map(({ path, message }) => `${path.join('.')} ${message}`);
  throw new DawsosError('invalid_configuration', `${file} is not valid:\n${faults.join('\n')}`);
}

export function createMarkets(definition: z.output<typeof MarketsSchema>): Markets {
  const calendars = new Map<string, MarketCalendar>([[WEEKDAYS.name, WEEKDAYS]]);
  for (const [name, calendar] of Object.entries(definition.calendars)) {
    const { time_zone: timeZone, close: time, delay_minutes: delayMinutes } = calendar;
    const close = timeZone === undefined || time === undefined ? undefined : { timeZone, time, delayMinutes };
    calendars.set(
      name,
      createMarketCalendar({
        name,
        weekend: calendar.weekend.map((day) => DAYS.indexOf(day)),
        holidays: calendar.holidays.map(isoDate),
        ...(close === undefined ? {} : { close }),
      }),
    );
  }
  const standard = calendars.get(definition.standard) ?? WEEKDAYS;
  const instruments = new Map(Object.entries(definition.instruments));
  return {
    standard,
    calendarOf(kind, name, declared) {
      const configured = instruments.get(name)?.calendar ?? (kind === 'rate' ? definition.rates : undefined);
      const wanted = configured ?? declared;
      const calendar = wanted === undefined ? standard : calendars.get(wanted);
      if (calendar !== undefined) return calendar;
      throw new DawsosError(
        'ledger_has_errors',
        `The commodity ${name} names the calendar "${String(wanted)}", which is none of: ${[...calendars.keys()].join(', ')}. Correct its metadata, or add the calendar to MARKETS_FILE.`,
      );
    },
    maxAgeOf: (name) => instruments.get(name)?.max_age_business_days,
  };
}

/** Monday to Friday for everything. */
export const WEEKDAY_MARKETS: Markets = createMarkets(MarketsSchema.parse({}));
