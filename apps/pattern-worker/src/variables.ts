import type { ServiceContext } from '@dawsos/service';

export const WORKER_VARIABLES = [
  'API_KEYS_FILE',
  'DATABASE_MAX_CONNECTIONS',
  'DATABASE_URL',
  'JOB_LOCK_SECONDS',
  'LEDGER_FILE',
  'LEDGER_REPO',
  'PATTERNS_DIR',
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
