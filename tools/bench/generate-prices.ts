import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface PriceFolderSize {
  readonly instruments: number;
  /** Days, Monday to Friday, up to `LAST_PRICED_DAY`. */
  readonly days: number;
}

export const LAST_PRICED_DAY = '2025-10-22';
const INSTRUMENTS_A_FILE = 1_000;
const DAY_MS = 86_400_000;

/** Writes `prices/*.csv` below `folder`: made-up closes in cents, the same at each call. */
export async function generatePrices(folder: string, size: PriceFolderSize): Promise<void> {
  await mkdir(join(folder, 'prices'), { recursive: true });
  const days = weekdays(size.days);
  for (let first = 0; first < size.instruments; first += INSTRUMENTS_A_FILE) {
    const last = Math.min(size.instruments, first + INSTRUMENTS_A_FILE);
    const file = createWriteStream(join(folder, 'prices', `${String(first).padStart(6, '0')}.csv`));
    file.write('date,commodity,price,currency,source\n');
    for (let instrument = first; instrument < last; instrument += 1) {
      const name = `I${String(instrument).padStart(6, '0')}`;
      let cents = 1_000 + (instrument % 90_000);
      const lines = days.map((day, index) => {
        cents = Math.max(1, cents + ((instrument * 31 + index * 17) % 41) - 20);
        return `${day},${name},${(cents / 100).toFixed(2)},USD,bench`;
      });
      if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
  }
}

function weekdays(count: number): string[] {
  const days: string[] = [];
  for (let time = Date.parse(LAST_PRICED_DAY); days.length < count; time -= DAY_MS) {
    const date = new Date(time);
    if (date.getUTCDay() !== 0 && date.getUTCDay() !== 6) days.push(date.toISOString().slice(0, 10));
  }
  return days.reverse();
}
