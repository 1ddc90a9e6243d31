import type { VariableName } from '@dawsos/configuration';

/** What the pack builder reads beside what every service reads. */
export const PACK_BUILDER_VARIABLES = [
  'DATABASE_URL',
  'DATABASE_MAX_CONNECTIONS',
  'QUEUE_ENGINE',
  'QUEUE_PREFIX',
  'REDIS_URL',
  'JOB_LOCK_SECONDS',
  'LEDGER_REPO',
  'LEDGER_FILE',
  'LEDGER_PLUGINS_ACCEPTED',
  'LEDGER_REF',
  'PRICES_DIR',
  'PACK_POLICY',
  'PACK_GAP_DAYS',
  'PROVIDER_HISTORY_DAYS',
  'PROVIDER_REQUESTS_PER_MINUTE',
  'FMP_API_KEY',
  'FMP_URL',
  'POLYGON_API_KEY',
  'POLYGON_URL',
  'PACK_ASOF_DATE',
  'PACK_SCHEDULE',
  'PACK_MAX_AGE_BUSINESS_DAYS',
  'PACK_BOUND_CONFIDENCE',
  'MARKETS_FILE',
  'TODAY',
  'SHUTDOWN_TIMEOUT_SECONDS',
] as const satisfies readonly VariableName[];
export type PackBuilderVariable = (typeof PACK_BUILDER_VARIABLES)[number];
