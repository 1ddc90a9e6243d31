import { readFileSync } from 'node:fs';

/** The last lines of a log, for an error message. */
export function tailOf(file: string, lines = 3): string {
  try {
    const all = readFileSync(file, 'utf8').trimEnd().split('\n');
    const tail = all.slice(-lines).join('\n').slice(-1200);
    return tail === '' ? 'its log is empty' : tail;
  } catch {
    return 'it left no log';
  }
}
