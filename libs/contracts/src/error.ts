import { boundedErrors, LONGEST_MESSAGE, shortened, type FieldError } from './bounded-errors';
import { ERROR_CODES, type ErrorCode, type ErrorCodeEntry } from './error-codes';
import type { JsonObject } from './json';

export interface DawsosErrorOptions {
  readonly cause?: unknown;
  /** The fields that are wrong, for 4xx answers; bounded in number and length. */
  readonly errors?: readonly FieldError[];
  /** Machine-readable facts that the problem body carries as members of its own. */
  readonly extensions?: JsonObject;
  /** Seconds for `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Overrides the code's own `retryable`. */
  readonly retryable?: boolean;
}

/** The error of all our code: a stable `code` of ERROR_CODES, and a message that says what to do. */
export class DawsosError extends Error {
  override readonly name = 'DawsosError';
  readonly errors: readonly FieldError[];
  readonly extensions: JsonObject;
  readonly retryAfterSeconds: number | undefined;
  private readonly retryableOverride: boolean | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: DawsosErrorOptions = {},
  ) {
    super(
      shortened(message, LONGEST_MESSAGE),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.errors = boundedErrors(options.errors ?? []);
    this.extensions = options.extensions ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.retryableOverride = options.retryable;
  }

  get entry(): ErrorCodeEntry {
    return ERROR_CODES[this.code];
  }

  /** What logs and error reports are told: of a client's mistake the code's title alone, since its message cites what the client sent. */
  get telemetryMessage(): string | undefined {
    return this.entry.status < 500 ? this.entry.title : undefined;
  }

  get retryable(): boolean {
    return this.retryableOverride ?? this.entry.retryable;
  }
}

export function isDawsosError(error: unknown): error is DawsosError {
  return error instanceof DawsosError;
}

/** The error as one of ours: kept when it is, else `internal_error` (or `code`) with the original as cause. */
export function toDawsosError(error: unknown, code: ErrorCode = 'internal_error'): DawsosError {
  if (error instanceof DawsosError) return error;
  return new DawsosError(code, ERROR_CODES[code].title, { cause: error });
}
