import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CapabilityCatalog } from '@dawsos/contracts';
import { loadPatterns, PATTERN_FILE, type PatternCatalog } from './catalog';

export interface WatchedPatterns {
  readonly catalog: PatternCatalog;
  close(): void;
}

export interface WatchOptions {
  readonly intervalMs?: number;
  /** Told the ids once files have changed and the patterns are loaded anew. */
  readonly onReload?: (ids: readonly string[]) => void;
  /** Told why changed files were not taken: the patterns stay as they were until that is mended. */
  readonly onFault?: (error: unknown) => void;
}

const INTERVAL_MS = 1_000;

/**
 * `loadPatterns`, again whenever a file of the folder changes. A run whose pattern changed after it was accepted is
 * refused by its version, as after a restart.
 * @throws DawsosError `pattern_invalid` for the patterns as they are at first
 */
export async function watchPatterns(
  dir: string,
  capabilities: CapabilityCatalog,
  { intervalMs = INTERVAL_MS, onReload, onFault }: WatchOptions = {},
): Promise<WatchedPatterns> {
  let stamp = stampOf(dir);
  let current = await loadPatterns(dir, capabilities);
  let isLoading = false;

  async function reload(): Promise<void> {
    try {
      current = await loadPatterns(dir, capabilities);
      onReload?.(current.ids());
    } catch (error) {
      onFault?.(error);
    }
  }

  const timer = setInterval(() => {
    const now = stampOf(dir);
    if (now === stamp || isLoading) return;
    stamp = now;
    isLoading = true;
    void reload().finally(() => (isLoading = false));
  }, intervalMs);
  timer.unref();

  return {
    catalog: { get: (id) => current.get(id), all: () => current.all(), ids: () => current.ids() },
    close: () => clearInterval(timer),
  };
}

/** Names, sizes and times; a folder that is not there for a moment counts as one without files. */
function stampOf(dir: string): string {
  try {
    return readdirSync(dir)
      .filter((name) => PATTERN_FILE.test(name))
      .map((name) => {
        const { size, mtimeMs } = statSync(join(dir, name));
        return `${name} ${String(size)} ${String(mtimeMs)}`;
      })
      .join('\n');
  } catch {
    return '';
  }
}
