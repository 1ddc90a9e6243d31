import { formatNumber } from '@dawsos/contracts';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** Round numbers from at or below `low` to at or above `high`, about `many` of them. Drawing, so floats will do. */
export function numberTicks(low: number, high: number, many = 5): readonly Tick[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / many;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const places = Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9) + (isQuarter(step) ? 1 : 0)));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const ticks: Tick[] = [];
  for (let index = first; index <= Math.max(last, first + 1); index += 1) {
    const at = index * step;
    ticks.push({ at, text: formatNumber(at.toFixed(places), places).replace(/^-/, '−') });
  }
  return ticks;
}

const isQuarter = (step: number): boolean => /^25/.test(step.toExponential().replace('.', ''));

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface DateTick {
  readonly date: string;
  readonly text: string;
}

/** First days of years, quarters or months between two days, so many that their names fit. */
export function dateTicks(from: string, to: string): readonly DateTick[] {
  const days = dayNumber(to) - dayNumber(from);
  const months = days > 1100 ? 12 : days > 200 ? 3 : 1;
  const years = Math.max(1, Math.ceil(days / 365 / 10));
  const ticks: DateTick[] = [];
  let [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7))];
  for (; ticks.length < 60; month += 1) {
    if (month > 12) [year, month] = [year + 1, 1];
    const date = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;
    if (date > to) break;
    if (date < from || (month - 1) % months !== 0) continue;
    if (months === 12 && year % years !== 0) continue;
    const name = MONTHS[month - 1] ?? '';
    const isFirst = ticks.length === 0 || month === 1;
    ticks.push({ date, text: months === 12 ? String(year) : isFirst ? `${name} ${String(year)}` : name });
  }
  return ticks;
}

export const dayNumber = (date: string): number => Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000;
