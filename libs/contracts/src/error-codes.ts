/** What a code means to a client: HTTP status, whether a later try may succeed, and what to do. The one table of error codes. */
export interface ErrorCodeEntry {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
  readonly remedy: string;
}

const entry = (status: number, title: string, remedy: string, retryable = false): ErrorCodeEntry => ({
  status,
  title,
  retryable,
  remedy,
});

export const ERROR_CODES = {
  invalid_request: entry(400, 'The request is not valid', 'Correct the fields named in errors[].'),
  malformed_json: entry(
    400,
    'The body is not JSON',
    'Send a JSON object with Content-Type: application/json.',
  ),
  payload_too_large: entry(413, 'The body is too large', 'Send less than the stated limit.'),
  unsupported_media_type: entry(415, 'The media type is not supported', 'Send application/json.'),
  method_not_allowed: entry(405, 'The method is not allowed here', 'Use a method named in the Allow header.'),
  not_found: entry(404, 'Not found', 'Check the address; see /docs for the routes.'),
  run_not_found: entry(404, 'No such run', 'List your runs with "dawsos runs list", or GET /v1/runs.'),
  pattern_not_found: entry(
    404,
    'No such pattern',
    'List the patterns with "dawsos patterns list", or GET /v1/patterns.',
  ),
  unauthenticated: entry(
    401,
    'An API key is needed',
    'Send Authorization: Bearer KEY; make a key with "dawsos keys create".',
  ),
  forbidden: entry(403, 'The key does not allow this', 'Use a key with the scope named in the detail.'),
  portfolio_forbidden: entry(
    403,
    'The key may not see this portfolio',
    'Use a key that lists the portfolio.',
  ),
  origin_refused: entry(
    403,
    'The request comes from a foreign page or name',
    'Call the API directly, under its own name.',
  ),
  overloaded: entry(503, 'Too many submissions at once', 'Try again after Retry-After.', true),
  rate_limited: entry(429, 'Too many requests', 'Wait as long as Retry-After says.', true),
  invalid_idempotency_key: entry(
    400,
    'The idempotency key is not valid',
    'Send 1 to 255 visible characters, in quotes.',
  ),
  idempotency_key_reused: entry(
    422,
    'The idempotency key was used with another payload',
    'Use a new key for a new request.',
  ),
  invalid_page_token: entry(400, 'The page token is not valid', 'Start again without page_token.'),
  invalid_inputs: entry(
    400,
    "The inputs do not fit the pattern's schema",
    'Correct the inputs named in errors[]; "dawsos patterns show PATTERN" lists what it takes.',
  ),
  invalid_ledger_ref: entry(400, 'The ledger ref is not valid', 'Name a branch, a tag or a commit.'),
  ledger_ref_not_found: entry(
    404,
    'No such ref in the ledger repository',
    'Name a branch, a tag or a commit that is there (--ref, LEDGER_REF), or push it.',
  ),
  ledger_file_not_found: entry(
    422,
    'The ledger file is not in that commit',
    'Name the first file with LEDGER_FILE or "dawsos up --ledger FILE", and check the ref.',
  ),
  ledger_has_errors: entry(422, 'The ledger has errors', 'Run "dawsos ledger check" and mend what it lists.'),
  portfolio_not_found: entry(
    404,
    'No such portfolio in the ledger',
    'List those there are with "dawsos portfolios list", or declare it with a custom "portfolio" directive.',
  ),
  pack_not_found: entry(404, 'No such pricing pack', 'List the packs with "dawsos packs list".'),
  pack_not_fresh: entry(
    503,
    'The pricing pack is not fresh',
    'Build the pack named in the detail with "dawsos packs build", see what is missing with "dawsos packs gaps", or wait.',
    true,
  ),
  pack_build_not_found: entry(
    404,
    'No such pack build',
    'Take the address that POST /v1/packs answered with.',
  ),
  pack_unreadable: entry(
    422,
    'A price or rate file cannot be read',
    'Mend the file and line named in the detail.',
  ),
  pack_immutable: entry(
    409,
    'A pricing pack cannot be changed',
    'Build a restatement: "dawsos packs build --restate REASON".',
  ),
  pack_transition_refused: entry(
    409,
    "The pack's state does not allow this",
    'See "dawsos packs list" for its state; build a restatement of a sealed pack.',
  ),
  pack_not_reconciled: entry(
    422,
    "The pack's prices differ from the ledger's own",
    'Correct the price named in the detail, in the ledger or in the price file, and build again.',
  ),
  price_missing: entry(
    422,
    'A price is missing from the pack',
    'Add the price named in the detail ("dawsos packs gaps" lists all) and build a pack.',
  ),
  prices_look_adjusted: entry(
    422,
    'Prices before a split cannot be told from those after it',
    "Declare the split's ex_date, or the source of the prices as adjusted, in the ledger; the detail names the lines.",
  ),
  split_unclear: entry(
    422,
    'A split is not booked the same way everywhere',
    'Book the split named in the detail in every account, at one ratio.',
  ),
  unit_size_unclear: entry(
    422,
    'Quotes and trades are of different units',
    'Write metadata unit_size on the commodity named in the detail; the detail names the line.',
  ),
  rate_missing: entry(
    422,
    'An exchange rate is missing from the pack',
    'Add the rate named in the detail ("dawsos packs gaps" lists all) and build a pack.',
  ),
  source_unavailable: entry(
    503,
    'A data source does not answer',
    'Try again after Retry-After; the detail names the source.',
    true,
  ),
  source_refused: entry(
    502,
    'A data source refused the request',
    'Check the API key and the plan of the source named in the detail.',
  ),
  source_malformed: entry(
    502,
    'A data source answered in another format',
    'Report this: the source named in the detail may have changed its format.',
  ),
  series_not_found: entry(
    404,
    'No such series at the data source',
    'Check the id of the series named in the detail, or set up a source of series: FRED_API_KEY, or files in SOURCES_DIR (examples/README.md).',
  ),
  insufficient_history: entry(
    422,
    'There is too little history',
    'Ask for a shorter lookback or load more history.',
  ),
  no_solution: entry(422, 'The equation has no solution', 'Check the cash flows of the period.'),
  currency_mismatch: entry(500, 'Two currencies were mixed', 'Report this: it is a fault of ours.'),
  pattern_invalid: entry(422, 'The pattern is not valid', 'Run "dawsos patterns lint FILE".'),
  pattern_changed: entry(409, 'The pattern changed since the run was accepted', 'Submit the run again.'),
  reference_missing: entry(
    422,
    'A template or condition names a value that is not there',
    'Correct the step named in the detail.',
  ),
  condition_invalid: entry(
    422,
    'A condition compares what cannot be compared',
    'Correct the condition of the step named in the detail.',
  ),
  capability_unknown: entry(
    422,
    'No agent provides the capability',
    'Check the name; see "dawsos capabilities".',
  ),
  capability_conflict: entry(500, 'Two agents claim one capability', 'Remove one of the two.'),
  capability_args_invalid: entry(
    422,
    "The arguments do not fit the capability's schema",
    'Correct the step named in the detail.',
  ),
  capability_result_invalid: entry(
    500,
    "The result does not fit the capability's schema",
    'Report this to the agent’s owner.',
  ),
  step_timeout: entry(
    504,
    'A step took longer than its timeout',
    'Raise timeout_ms of the step or ask for less.',
    true,
  ),
  circuit_open: entry(503, 'The circuit breaker of the agent is open', 'Wait until it closes.', true),
  agent_failed: entry(500, 'An agent failed', 'See the trace of the run.'),
  run_cancelled: entry(409, 'The run was cancelled', 'Submit it again if it is still wanted.'),
  attempts_exhausted: entry(
    500,
    'The run was attempted as often as is allowed',
    'See its trace; submit it again.',
  ),
  lock_lost: entry(
    500,
    'The attempt lost its lock to another worker',
    'Nothing: another attempt has it.',
    true,
  ),
  export_blocked: entry(
    403,
    'The export is not allowed',
    'Do what blocking_sources[].remedy says, or export the rest with on_blocked "omit".',
  ),
  run_without_result: entry(
    409,
    'The run has no result',
    'Wait until it has succeeded, or export another run.',
  ),
  rights_registry_invalid: entry(
    422,
    'The rights registry is not valid',
    'Run "dawsos rights lint FILE" and mend what it lists.',
  ),
  store_unavailable: entry(503, 'The database is not reachable', 'Try again shortly.', true),
  queue_unavailable: entry(503, 'The queue is not reachable', 'Try again shortly.', true),
  shutting_down: entry(503, 'The service is shutting down', 'Try again; another instance will answer.', true),
  invalid_configuration: entry(
    500,
    'The configuration is not valid',
    'Correct the variable named in the detail.',
  ),
  internal_error: entry(500, 'Something went wrong on our side', 'Quote the request id to the operator.'),
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
