import type { IsoDate } from '@dawsos/contracts';

const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The moment at which clocks in a time zone show `time` (`16:00`) on `day`; of a time that comes twice, one of the two. */
export function instantOf(day: IsoDate, time: string, timeZone: string): Date {
  const shown = Date.parse(`${day}T${time}:00Z`);
  const first = shown - offsetAt(shown, timeZone);
  // the offset may have changed between the two guesses, on the day that the clocks do
  return new Date(shown - offsetAt(first, timeZone));
}

/** Milliseconds that clocks in the zone are ahead of UTC at that moment. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(at / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
