/** A duration as a person says it: 340 ms, 3.4 s, 12 min, 5.1 h. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 999.5) return `${String(Math.round(ms))} ms`;
  if (ms < 119_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_170_000) return `${String(Math.round(ms / 60_000))} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

export function between(from: Date | string, to: Date | string): number {
  return new Date(to).getTime() - new Date(from).getTime();
}

export function count(number: number, one: string): string {
  return `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;
}
