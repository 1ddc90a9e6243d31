import { addDays, isoDate, weekday, type IsoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { createMarketCalendar, dueDay, WEEKDAYS } from './market-calendar';

const FRIDAY = isoDate('2025-10-17');
const offset = (days: number): IsoDate => addDays(FRIDAY, days);

describe('a market calendar', () => {
  it('counts sessions as a count day by day does, whatever its weekend and holidays', () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.nat(120),
        fc.array(fc.nat(160), { maxLength: 8 }),
        fc.uniqueArray(fc.nat(6), { maxLength: 6 }),
        (start, length, closed, weekend) => {
          const holidays = new Set(closed.map(offset));
          const calendar = createMarketCalendar({ name: 'X', weekend, holidays });
          const [from, to] = [offset(start), offset(start + length)];
          let count = 0;
          for (let date = addDays(from, 1); date <= to; date = addDays(date, 1)) {
            if (!weekend.includes(weekday(date)) && !holidays.has(date)) count += 1;
          }
          expect(calendar.sessionsBetween(from, to)).toBe(count);
        },
      ),
    );
  });

  it('has no session between a day and an earlier one', () => {
    expect(WEEKDAYS.sessionsBetween(FRIDAY, offset(-3))).toBe(0);
  });

  it('finds the session before a weekend and a holiday', () => {
    const calendar = createMarketCalendar({ name: 'X', holidays: [FRIDAY] });
    expect(calendar.sessionOnOrBefore(offset(2))).toBe('2025-10-16');
    expect(WEEKDAYS.sessionOnOrBefore(offset(2))).toBe(FRIDAY);
  });

  it('closes on Friday and Saturday where the weekend is that', () => {
    const riyadh = createMarketCalendar({ name: 'XSAU', weekend: [5, 6] });
    // Thursday to Sunday is one session there, to Monday two
    expect(riyadh.sessionsBetween(isoDate('2025-10-16'), isoDate('2025-10-19'))).toBe(1);
    expect(riyadh.sessionsBetween(isoDate('2025-10-16'), isoDate('2025-10-20'))).toBe(2);
  });
});

describe('when a close is due', () => {
  const close = (timeZone: string, time: string, delayMinutes = 0) =>
    createMarketCalendar({ name: 'X', close: { timeZone, time, delayMinutes } });
  const newYork = close('America/New_York', '16:00', 15);

  it('follows the market’s own clocks, over the change to winter time', () => {
    expect(newYork.dueAt(isoDate('2025-10-31')).toISOString()).toBe('2025-10-31T20:15:00.000Z');
    expect(newYork.dueAt(isoDate('2025-11-03')).toISOString()).toBe('2025-11-03T21:15:00.000Z');
    expect(close('Asia/Tokyo', '15:30').dueAt(FRIDAY).toISOString()).toBe('2025-10-17T06:30:00.000Z');
    expect(close('Pacific/Auckland', '16:45').dueAt(FRIDAY).toISOString()).toBe('2025-10-17T03:45:00.000Z');
  });

  it('makes a day count only from then on, and a calendar without a time from its first moment, UTC', () => {
    const before = new Date('2025-10-17T20:14:59.999Z');
    const after = new Date('2025-10-17T20:15:00.000Z');
    expect(newYork.lastDueDay(before)).toBe('2025-10-16');
    expect(newYork.lastDueDay(after)).toBe(FRIDAY);
    expect(newYork.lastDueDay(before)).toBe('2025-10-16');
    expect(WEEKDAYS.lastDueDay(before)).toBe(FRIDAY);
    expect(dueDay(newYork, { day: FRIDAY })).toBe(FRIDAY);
    expect(dueDay(newYork, { at: before })).toBe('2025-10-16');
  });

  it('never goes back as time goes on', () => {
    const zones = [
      'America/New_York',
      'Asia/Tokyo',
      'Pacific/Auckland',
      'Pacific/Kiritimati',
      'Pacific/Pago_Pago',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.nat(1_439),
        fc.nat(400 * 86_400),
        fc.nat(86_400),
        (zone, minute, start, seconds) => {
          const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const calendar = close(zone, time);
          const at = (second: number) => new Date(Date.UTC(2025, 0, 1) + second * 1000);
          const [first, later] = [calendar.lastDueDay(at(start)), calendar.lastDueDay(at(start + seconds))];
          expect(first <= later).toBe(true);
          expect(calendar.dueAt(first).getTime()).toBeLessThanOrEqual(at(start).getTime());
          expect(calendar.dueAt(addDays(first, 1)).getTime()).toBeGreaterThan(at(start).getTime());
        },
      ),
    );
  });
});
