import { createHash } from 'node:crypto';
import type { IsoDate, Sha256Hex } from '@dawsos/contracts';

/**
 * A pack's canonical form, which its hash is taken over. A series is one commodity's prices or one pair's
 * rates; its text has a line for each day, in date order, joined by `\n`:
 *
 *     2025-10-22 184.07 USD example-close          (price: date number currency source)
 *     2025-10-22 1.4012 example-fx                 (rate: date number source)
 *
 * The manifest names the day and the policy, then each series in code unit order of its name (prices first)
 * with the SHA-256 of its text, each line ended by `\n`:
 *
 *     dawsos-pricing-pack/1
 *     asof 2025-10-22
 *     policy CLOSE
 *     price NWND 6e3a…
 *     rate USD CAD 91b0…
 *
 * The pack's hash is the SHA-256 of the manifest. Numbers are in `canonicalNumber`'s spelling, so neither the
 * order of rows nor the way a file writes `1.50` changes it, and any other price does.
 */
export interface SeriesText {
  readonly kind: 'price' | 'rate';
  /** `NWND`, or `USD CAD`. */
  readonly name: string;
  readonly text: string;
}

const FORMAT = 'dawsos-pricing-pack/1';

export interface HashedSeries {
  readonly kind: string;
  readonly name: string;
  readonly hash: Sha256Hex;
}

export function packHash(asofDate: IsoDate, policy: string, series: Iterable<HashedSeries>): Sha256Hex {
  const hash = createPackHash(asofDate, policy);
  for (const own of series) hash.add(own);
  return hash.end();
}

/** The same, series by series, in the manifest's order. */
export function createPackHash(
  asofDate: IsoDate,
  policy: string,
): { add(series: HashedSeries): void; end(): Sha256Hex } {
  const hash = createHash('sha256').update(`${FORMAT}\nasof ${asofDate}\npolicy ${policy}\n`);
  return {
    add: ({ kind, name, hash: own }) => void hash.update(`${kind} ${name} ${own}\n`),
    end: () => hash.digest('hex') as Sha256Hex,
  };
}

export function compareSeries(a: Omit<SeriesText, 'text'>, b: Omit<SeriesText, 'text'>): number {
  if (a.kind !== b.kind) return a.kind === 'price' ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
