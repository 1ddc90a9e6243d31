import type { Decimal, IsoDate, JsonValue } from '@dawsos/contracts';
import type {
  AccountInfo,
  CommodityFacts,
  Custom,
  Directive,
  EntriesQuery,
  Meta,
  Portfolio,
  Transaction,
} from '@dawsos/ledger';
import type { PricePoint, RatePoint } from '@dawsos/pricing';
import type { z } from 'zod';
import type { SourceReader } from './reads/source-reader';

/** The pack as a capability sees it: each look-up is recorded. */
export interface PackReader {
  readonly asofDate: IsoDate;
  /** The newest price on or before `date`, or undefined. */
  price(commodity: string, date: IsoDate): PricePoint | undefined;
  /** @throws DawsosError `price_missing`, naming the commodity and the date. */
  requirePrice(commodity: string, date: IsoDate): PricePoint;
  priceSeries(commodity: string, from: IsoDate, to: IsoDate): readonly PricePoint[];
  rate(base: string, quote: string, date: IsoDate): RatePoint | undefined;
  /** @throws DawsosError `rate_missing`, naming the pair and the date. */
  requireRate(base: string, quote: string, date: IsoDate): Decimal;
  rateSeries(base: string, quote: string, from: IsoDate, to: IsoDate): readonly RatePoint[];
}

/** The ledger as a capability sees it: each look-up is recorded. */
export interface LedgerReader {
  portfolio(): Portfolio;
  entries(query: Omit<EntriesQuery, 'portfolioId'>): readonly Directive[];
  /** The whole ledger's entries up to `to` that hold lots' histories, whatever portfolio is asked. */
  lotEntries(to: IsoDate): readonly Transaction[];
  commodity(currency: string): Meta;
  /** What is so of the commodity itself: money or not, unit size, splits. Accounts of others are not told. */
  facts(commodity: string): CommodityFacts;
  account(name: string): AccountInfo;
  /** The `custom "NAME" …` directives of days up to `to`, in ledger order. */
  customs(name: string, to: IsoDate): readonly Custom[];
}

/** What a capability may use: no clock, no dice, no world but the readers. */
export interface CapabilityContext {
  readonly pack: PackReader;
  readonly ledger: LedgerReader;
  readonly source: SourceReader;
  readonly asofDate: IsoDate;
  readonly signal: AbortSignal;
}

/**
 * A pure function of its arguments and of what it reads. `args` and `result` are checked at both ends;
 * decimals travel as strings.
 */
export interface Capability<Args = unknown, Result extends JsonValue = JsonValue> {
  /** `group.name`, for instance `ledger.positions`. */
  readonly name: string;
  readonly description: string;
  readonly args: z.ZodType<Args>;
  readonly result: z.ZodType<Result>;
  run(args: Args, context: CapabilityContext): Result | Promise<Result>;
}

export interface Agent {
  readonly name: string;
  /** Changes whenever a result may change for equal arguments and reads: it is part of the step cache's key. */
  readonly version: string;
  readonly capabilities: readonly Capability[];
}

/** Types a capability by its schemas and erases them for the registry; the runtime parses before it calls. */
export function defineCapability<Args, Result extends JsonValue>(
  capability: Capability<Args, Result>,
): Capability {
  return capability;
}
