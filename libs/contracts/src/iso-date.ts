import { z } from 'zod';

/** A calendar day, `YYYY-MM-DD`, proleptic Gregorian, without time zone. Compares with `<` as text. */
export type IsoDate = string & { readonly __brand: 'IsoDate' };

const PATTERN = /^\d{4}-\d{2}-\d{2}$/;
const MILLISECONDS_A_DAY = 86_400_000;

export function isIsoDate(text: string): text is IsoDate {
  if (!PATTERN.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** @throws RangeError when `text` is not a day that exists (`2025-02-30`). */
export function isoDate(text: string): IsoDate {
  if (!isIsoDate(text)) throw new RangeError(`"${text}" is not a calendar day; write it as YYYY-MM-DD`);
  return text;
}

export function addDays(date: IsoDate, days: number): IsoDate {
  const time = Date.parse(`${date}T00:00:00Z`) + days * MILLISECONDS_A_DAY;
  return new Date(time).toISOString().slice(0, 10) as IsoDate;
}

/** Calendar days from `start` to `end`; negative when `end` is earlier. */
export function daysBetween(start: IsoDate, end: IsoDate): number {
  return Math.round((Date.parse(`${end}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / MILLISECONDS_A_DAY);
}

/** 0 = Sunday … 6 = Saturday. */
export function weekday(date: IsoDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

export const IsoDateSchema = z
  .string()
  .refine(isIsoDate, { error: 'must be a calendar day written YYYY-MM-DD' })
  .transform((text) => text);
