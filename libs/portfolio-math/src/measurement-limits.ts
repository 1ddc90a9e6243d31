import { Decimal } from '@dawsos/contracts';

/** The fixed limits of the measurement model; docs/figures.md prints each of them. */
export const LIMITS = {
  /** A price or rate values a flow up to this many days after its own day. */
  freshDays: 31,
  /** More than this share, by value, of what can move on older prices: no boundary at that flow. */
  staleShare: new Decimal('0.1'),
  /** Netted flows may move the second step of their day by as much; beyond, in and out count gross. */
  nettedStep: new Decimal('0.1'),
  /** A gain above its base breaks the index where the base is under this part of the span's largest. */
  smallBase: new Decimal('0.001'),
  /** The share, by value, of what can move that has a quote of its own in an interval of the grid. */
  coverage: new Decimal('0.9'),
  /** Sessions without any quote merge into the next: under this share of all, and never more running. */
  mergedSessions: new Decimal('0.08'),
  mergedRun: 7,
  /** A period too short for the share to mean anything may have as many all the same. */
  mergedAtLeast: 3,
} as const;
