const LONGEST_WAIT_SECONDS = 60;

/** The preferences (RFC 7240) that we honour; all others are ignored, as the RFC asks. */
export interface Preferences {
  readonly respondAsync: boolean;
  /** Seconds, 60 at most; undefined when not asked for. */
  readonly waitSeconds: number | undefined;
}

/** Reads `Prefer: respond-async, wait=10`. The first of equal preferences counts; what is malformed is ignored. */
export function parsePrefer(header: string | undefined): Preferences {
  const preferences = new Map<string, string>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', value = ''] = (part.split(';')[0] ?? '').split('=', 2).map((text) => text.trim());
    const key = name.toLowerCase();
    if (key !== '' && !preferences.has(key)) preferences.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  const wait = preferences.get('wait');
  return {
    respondAsync: preferences.has('respond-async'),
    waitSeconds:
      wait !== undefined && /^\d{1,9}$/.test(wait) ? Math.min(Number(wait), LONGEST_WAIT_SECONDS) : undefined,
  };
}
