import type { ServiceContext } from '@dawsos/service';

export const WORKER_VARIABLES = [
  'API_KEYS_FILE',
  'DATABASE_MAX_CONNECTIONS',
  'DATABASE_URL',
  'FMP_API_KEY',
  'FMP_URL',
  'FRED_API_KEY',
  'FRED_URL',
  'JOB_LOCK_SECONDS',
  'LEDGER_FILE',
  'LEDGER_REPO',
  'NEWSAPI_API_KEY',
  'NEWSAPI_URL',
  'PATTERNS_DIR',
  'PROVIDER_REQUESTS_PER_MINUTE',
  'QUEUE_ENGINE',
  'QUEUE_PREFIX',
  'REDIS_URL',
  'RUN_MAX_ATTEMPTS',
  'RUN_RETENTION_DAYS',
  'SOURCES_DIR',
  'STEP_CACHE',
  'STEP_CONCURRENCY',
  'WORKER_CONCURRENCY',
] as const;
export type WorkerContext = ServiceContext<(typeof WORKER_VARIABLES)[number]>;
