import { resolve } from 'node:path';
import { isDawsosError } from '@dawsos/contracts';
import type { LedgerRepository } from '@dawsos/ledger';

/** What a build is to be made from, fixed when it is asked for. */
export interface BuildPins {
  /** Null: whatever the builder's ref names when it builds. */
  readonly ledgerCommit: string | null;
  /** The identity of the ledger and the price files; null: those of whichever builder takes it. */
  readonly sources: string | null;
}

export const NO_PINS: BuildPins = { ledgerCommit: null, sources: null };

export interface SourceSettings {
  readonly LEDGER_REPO: string;
  readonly LEDGER_FILE: string;
  readonly PRICES_DIR?: string | undefined;
}

/** Settings that read the same ledger and the same price files have the same identity. */
export function sourcesId({ LEDGER_REPO, LEDGER_FILE, PRICES_DIR }: SourceSettings): string {
  const prices = PRICES_DIR === undefined ? 'none' : resolve(PRICES_DIR);
  return `ledger ${resolve(LEDGER_REPO)} ${LEDGER_FILE}, prices ${prices}`;
}

/**
 * The pins of what is asked for now. Who does not know the price files leaves them to the builder, and so does who
 * cannot resolve the ledger's ref: the build says what is wrong with it.
 */
export function pinsOf(
  settings: SourceSettings & { readonly LEDGER_REF: string },
  ledger: Pick<LedgerRepository, 'resolve'>,
): () => Promise<BuildPins> {
  return async () => ({
    ledgerCommit: await ledger.resolve(settings.LEDGER_REF).catch((error: unknown) => {
      if (isDawsosError(error)) return null;
      throw error;
    }),
    sources: settings.PRICES_DIR === undefined ? null : sourcesId(settings),
  });
}
