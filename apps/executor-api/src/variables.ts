import type { VariableName } from '@dawsos/configuration';

export const EXECUTOR_VARIABLES = [
  'API_KEYS_FILE',
  'DATABASE_MAX_CONNECTIONS',
  'DATABASE_URL',
  'HOST',
  'LEDGER_FILE',
  'LEDGER_PLUGINS_ACCEPTED',
  'LEDGER_REF',
  'LEDGER_REFS',
  'LEDGER_REPO',
  'MARKETS_FILE',
  'PACK_BOUND_CONFIDENCE',
  'PACK_MAX_AGE_BUSINESS_DAYS',
  'PACK_MAX_STALENESS_BPS',
  'PACK_POLICY',
  'PATTERNS_DIR',
  'PORT',
  'PRICES_DIR',
  'QUEUE_ENGINE',
  'QUEUE_PREFIX',
  'RATE_LIMIT_PER_MINUTE',
  'REDIS_URL',
  'RIGHTS_REGISTRY',
  'TODAY',
  'WAIT_FOR_FRESH_SECONDS',
] as const satisfies readonly VariableName[];
export type ExecutorVariable = (typeof EXECUTOR_VARIABLES)[number];
