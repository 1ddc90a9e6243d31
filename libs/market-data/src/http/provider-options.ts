import type { DawsosError } from '@dawsos/contracts';

export interface ProviderClientOptions {
  /** The source that the rights registry knows; errors name it. */
  readonly source: string;
  /** The provider's own address, or that of a stand-in: the operator sets it, never a client. */
  readonly baseUrl: string;
  readonly requestsPerMinute: number;
  /** How the key is sent. Neither errors nor logs show it. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly secretQuery?: Readonly<Record<string, string>>;
  /** What one attempt may take. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Attempts beyond the first. */
  readonly retries?: number;
  readonly firstRetryMs?: number;
  /** A longer `Retry-After` is not waited for, but passed on. */
  readonly longestWaitMs?: number;
  /** Faults in a row that open the circuit, and how long it stays open. */
  readonly breakAfter?: number;
  readonly halfOpenAfterMs?: number;
  /** How long an answer is given again without asking. */
  readonly cacheMs?: number;
  /** An error status that means something else than a refusal: undefined where it does not. */
  readonly explain?: (status: number, body: unknown) => DawsosError | undefined;
  /** Milliseconds of a steady clock, and uniform in [0, 1): neither reaches an answer. */
  readonly now?: () => number;
  readonly random?: () => number;
}

/** What one sets of a provider that is known here. */
export interface ProviderOptions extends Omit<
  ProviderClientOptions,
  'source' | 'baseUrl' | 'requestsPerMinute' | 'headers' | 'secretQuery' | 'explain'
> {
  readonly apiKey: string;
  /** The provider's own address when absent. */
  readonly baseUrl?: string | undefined;
  readonly requestsPerMinute?: number | undefined;
}
