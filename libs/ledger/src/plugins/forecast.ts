import { addDays, isIsoDate, type IsoDate } from '@dawsos/contracts';
import type { BookedDirective, BookedTransaction } from '../incomplete';
import { sortEntries } from '../order';
import { PluginFault, refuseConfig, type Plugin } from './plugin';

const FLAG = '#';
const RULE =
  /^(.*)\[(MONTHLY|YEARLY|WEEKLY|DAILY)(?:\s+SKIP\s+([1-9][0-9]*)\s+TIME.?)?(?:\s+REPEAT\s+([1-9][0-9]*)\s+TIME.?)?(?:\s+UNTIL\s+([0-9-]+))?\]/;
/** Without a number and a day, a rule is not to run for ever. */
const MOST_REPEATS = 100_000;

/**
 * `beancount.plugins.forecast`: a transaction flagged # whose narration ends in a rule such as `[MONTHLY UNTIL
 * 2026-12-31]` or `[WEEKLY SKIP 1 TIME REPEAT 10 TIMES]` is repeated. Without an end Beancount goes on to the end of the
 * year of the clock; here it is the year of the ledger's last other entry, so that a commit gives the same entries on
 * any day.
 */
export const forecast: Plugin = (entries, _context, config) => {
  refuseConfig(config);
  const isForecast = (entry: BookedDirective): entry is BookedTransaction =>
    entry.type === 'transaction' && entry.flag === FLAG;
  const others = entries.filter((entry) => !isForecast(entry));
  const last = (others.at(-1) ?? entries.at(-1))?.date;
  if (last === undefined) return entries;
  const repeated = entries.filter(isForecast).flatMap((entry) => repeats(entry, last));
  return [...others, ...sortEntries(repeated)];
};

function repeats(entry: BookedTransaction, last: IsoDate): BookedTransaction[] {
  const match = RULE.exec(entry.narration);
  if (match === null) return [entry];
  const [, text = '', every = '', skip, count, until] = match;
  const interval = skip === undefined ? 1 : Number(skip) + 1;
  const end = count === undefined ? endOf(until, last) : undefined;
  const most = count === undefined ? MOST_REPEATS : Number(count);
  const dates: IsoDate[] = [];
  for (const date of occurrences(entry.date, every, interval)) {
    if (dates.length >= most || (end !== undefined && date > end)) break;
    dates.push(date);
  }
  return dates.map((date) => ({ ...entry, date, narration: text.trim() }));
}

function endOf(until: string | undefined, last: IsoDate): IsoDate {
  if (until === undefined) return `${last.slice(0, 4)}-12-31` as IsoDate;
  const [year = '', month = '', day = ''] = until.split('-');
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (!isIsoDate(date)) throw new PluginFault(`"${until}" is not a day`);
  return date;
}

/** As RFC 5545 repeats: a month or a year without the day has none. */
function* occurrences(start: IsoDate, every: string, interval: number): Generator<IsoDate> {
  for (let step = 0; step < MOST_REPEATS; step += 1) {
    if (every === 'DAILY' || every === 'WEEKLY') {
      yield addDays(start, step * interval * (every === 'WEEKLY' ? 7 : 1));
      continue;
    }
    const months = step * interval * (every === 'YEARLY' ? 12 : 1) + Number(start.slice(5, 7)) - 1;
    const year = Number(start.slice(0, 4)) + Math.floor(months / 12);
    const month = String((months % 12) + 1).padStart(2, '0');
    const date = `${String(year).padStart(4, '0')}-${month}-${start.slice(8)}`;
    if (year > 9_999) return;
    if (isIsoDate(date)) yield date;
  }
}
