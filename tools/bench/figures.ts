/** One variant's measurements of one quantity, in the order in which they were taken. */
export interface Series {
  readonly name: string;
  readonly samples: readonly number[];
}

export interface Ratio {
  readonly of: string;
  readonly to: string;
  /** In words. */
  readonly goal: string;
  /** The same as a number, where there is one: the plot shows the measured ratio against it. */
  readonly atLeast?: number;
  readonly below?: number;
}

export interface Section {
  readonly title: string;
  /** What is compared, how, and what the numbers mean. */
  readonly about: string;
  readonly unit: string;
  readonly series: readonly Series[];
  /** "A : B" of medians, and the goal. */
  readonly ratio?: Ratio;
  readonly moreRatios?: readonly Ratio[];
  /** Medians that have a goal of their own. */
  readonly goals?: readonly { readonly of: string; readonly below: number }[];
  /** What bounds the figure, as far as it was found. */
  readonly limit: string;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Takes a sample of each variant in turn, `rounds` times, so that what else the machine does falls on all alike.
 * The first round only warms up.
 */
export async function interleave(
  rounds: number,
  variants: Readonly<Record<string, () => Promise<number>>>,
): Promise<readonly Series[]> {
  const samples = new Map(Object.keys(variants).map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of Object.entries(variants)) {
      const sample = await measure();
      if (round > 0) samples.get(name)?.push(sample);
    }
  }
  return [...samples].map(([name, values]) => ({ name, samples: values }));
}

export function medianOf(section: Section, name: string): number {
  return median(section.series.find((series) => series.name === name)?.samples ?? []);
}

export function ratioOf(section: Section, ratio: Ratio): number {
  return medianOf(section, ratio.of) / medianOf(section, ratio.to);
}
