import { isoDate } from '@dawsos/contracts';
import { parseMarkets } from './markets';

const FILE = `
calendars:
  XNYS:
    time_zone: America/New_York
    close: "16:00"
    delay_minutes: 15
    holidays: [2025-11-27, 2025-12-25]
  TARGET:
    holidays: [2025-12-25, 2025-12-26]
rates: TARGET
instruments:
  NWND: { calendar: XNYS, max_age_business_days: 5 }
  USD CAD: { calendar: WEEKDAYS }
`;

describe('the file of the markets', () => {
  it('says which calendar an instrument follows: the file’s, else the ledger’s, else the standard one', () => {
    const markets = parseMarkets(FILE, 'markets.yaml');
    expect(markets.standard.name).toBe('WEEKDAYS');
    expect(markets.calendarOf('price', 'NWND', 'TARGET').name).toBe('XNYS');
    expect(markets.calendarOf('price', 'HELX', 'XNYS').name).toBe('XNYS');
    expect(markets.calendarOf('price', 'HELX').name).toBe('WEEKDAYS');
    expect(markets.calendarOf('rate', 'EUR CAD').name).toBe('TARGET');
    expect(markets.calendarOf('rate', 'USD CAD').name).toBe('WEEKDAYS');
    expect(markets.maxAgeOf('NWND')).toBe(5);
    expect(markets.maxAgeOf('HELX')).toBeUndefined();
    expect(markets.calendarOf('price', 'NWND').isSession(isoDate('2025-11-27'))).toBe(false);
  });

  it('takes an empty file for weekdays throughout', () => {
    expect(parseMarkets('', 'markets.yaml').calendarOf('rate', 'USD CAD').name).toBe('WEEKDAYS');
  });

  it('refuses a calendar that nobody defined, in the file and in the ledger', () => {
    expect(() => parseMarkets('rates: XXXX', 'markets.yaml')).toThrow(
      'markets.yaml is not valid:\nrates is none of the calendars: XXXX',
    );
    expect(() => parseMarkets(FILE, 'm').calendarOf('price', 'HELX', 'XNYC')).toThrow(
      /The commodity HELX names the calendar "XNYC", which is none of: WEEKDAYS, XNYS, TARGET/,
    );
  });

  it.each([
    ['calendars: { A: { close: "16:00" } }', 'calendars.A time_zone and close come together'],
    ['calendars: { A: { time_zone: Mars/Olympus, close: "16:00" } }', 'must be a time zone'],
    ['calendars: { A: { time_zone: Asia/Tokyo, close: "25:00" } }', 'must be a time such as "16:00"'],
    ['calendars: { A: { holidays: [2025-02-30] } }', 'calendars.A.holidays.0 must be a calendar day'],
    ['calendars: { a: {} }', 'must be a calendar name'],
    ['calender: {}', 'Unrecognized key'],
    ['calendars: [', 'markets.yaml: '],
  ])('names what is wrong in %s', (text, fault) => {
    expect(() => parseMarkets(text, 'markets.yaml')).toThrow(
      expect.objectContaining({ code: 'invalid_configuration', message: expect.stringContaining(fault) }),
    );
  });
});
