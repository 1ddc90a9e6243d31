/** A calculation that someone published, and how it is made here. */
export interface Example {
  /** Who published it, and where. */
  readonly source: string;
  readonly inputs: string;
  /** The answer, to as many digits as it is compared to. */
  readonly published: string;
  /** A decimal, as the patterns or the library give it. */
  ours(): Promise<string>;
  readonly note?: string;
}

/** Ours to as many decimal places as were published. */
export function asPublished(ours: string, published: string): string {
  const places = published.split('.')[1]?.length ?? 0;
  const rounded = Number(ours).toFixed(places);
  return Number(rounded) === 0 ? (0).toFixed(places) : rounded;
}
