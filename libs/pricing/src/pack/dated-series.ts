import type { IsoDate } from '@dawsos/contracts';

/**
 * A series' canonical text, split only when it is first read, and its points made only when they are asked for:
 * loading a pack costs next to nothing, and what a run does not look at is never parsed.
 */
export class DatedSeries<P> {
  readonly firstDate: IsoDate;
  private readonly pointsByIndex: P[] = [];
  private splitLines: string[] | undefined;

  constructor(
    private readonly text: string,
    private readonly pointOf: (date: IsoDate, fields: readonly string[]) => P,
  ) {
    this.firstDate = text.slice(0, 10) as IsoDate;
  }

  /** The newest point on or before `date`. */
  newest(date: IsoDate): P | undefined {
    const index = this.countUntil(date) - 1;
    return index < 0 ? undefined : this.at(index);
  }

  between(from: IsoDate, to: IsoDate): P[] {
    const end = this.countUntil(to);
    const points: P[] = [];
    for (let index = this.countBefore(from); index < end; index += 1) points.push(this.at(index));
    return points;
  }

  datesBetween(from: IsoDate, to: IsoDate): IsoDate[] {
    return this.lines.slice(this.countBefore(from), Math.max(this.countUntil(to), 0)).map(dateOf);
  }

  private get lines(): readonly string[] {
    this.splitLines ??= this.text.split('\n');
    return this.splitLines;
  }

  private at(index: number): P {
    const made = this.pointsByIndex[index];
    if (made !== undefined) return made;
    const line = this.lines[index] ?? '';
    const point = this.pointOf(dateOf(line), line.slice(11).split(' '));
    this.pointsByIndex[index] = point;
    return point;
  }

  /** How many points are on or before `date`: a line is longer than its date, so `date~` sorts after it. */
  private countUntil(date: IsoDate): number {
    return lowerBound(this.lines, `${date}~`);
  }

  private countBefore(date: IsoDate): number {
    return lowerBound(this.lines, date);
  }
}

const dateOf = (line: string): IsoDate => line.slice(0, 10) as IsoDate;

function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
