import { readFile } from 'node:fs/promises';
import { DawsosError, Decimal } from '@dawsos/contracts';
import type { Confidence } from './daily-volatility';
import { createFreshnessGate, type FreshnessGate, type FreshnessGateOptions } from './gate';
import { parseMarkets, WEEKDAY_MARKETS, type Markets } from '../calendar/markets';
import type { WorthPolicy } from './worth';

/** The configuration's variables that say when a price is too old. */
export interface FreshnessSettings {
  readonly PACK_MAX_AGE_BUSINESS_DAYS: number;
  readonly PACK_BOUND_CONFIDENCE: Confidence;
  readonly MARKETS_FILE?: string | undefined;
  readonly PACK_MAX_STALENESS_BPS?: string | undefined;
  readonly PACK_POLICY?: string | undefined;
  readonly TODAY?: string | undefined;
}

export interface OpenedGate {
  readonly gate: FreshnessGate;
  readonly freshness: WorthPolicy;
  /** The clock that the gate asks. */
  readonly now: () => Date;
}

/** The gate as it is configured. @throws DawsosError `invalid_configuration` when MARKETS_FILE is not valid */
export async function openFreshnessGate(
  settings: FreshnessSettings,
  reads: Pick<FreshnessGateOptions, 'store' | 'loadPack' | 'loadLedger'>,
): Promise<OpenedGate> {
  const freshness = await readFreshnessPolicy(settings);
  const now = clockOf(settings.TODAY);
  const limit = settings.PACK_MAX_STALENESS_BPS;
  const gate = createFreshnessGate({
    ...reads,
    freshness,
    packPolicy: settings.PACK_POLICY,
    maxStalenessBps: limit === undefined ? undefined : new Decimal(limit),
    now,
  });
  return { gate, freshness, now };
}

/** @throws DawsosError `invalid_configuration` when the file of the markets is not there or not valid */
export async function readFreshnessPolicy(
  settings: Pick<FreshnessSettings, 'PACK_MAX_AGE_BUSINESS_DAYS' | 'PACK_BOUND_CONFIDENCE' | 'MARKETS_FILE'>,
): Promise<WorthPolicy> {
  return {
    maxAgeBusinessDays: settings.PACK_MAX_AGE_BUSINESS_DAYS,
    confidence: settings.PACK_BOUND_CONFIDENCE,
    markets: settings.MARKETS_FILE === undefined ? WEEKDAY_MARKETS : await readMarkets(settings.MARKETS_FILE),
  };
}

async function readMarkets(file: string): Promise<Markets> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new DawsosError('invalid_configuration', `MARKETS_FILE ${file} cannot be read`, { cause });
  }
  return parseMarkets(text, file);
}

/** The clock of the gate: where a day is set for replays, its last moment, so that all of its closes are due. */
export function clockOf(today: string | undefined): () => Date {
  if (today === undefined) return () => new Date();
  const fixed = new Date(`${today}T23:59:59.999Z`);
  return () => fixed;
}
