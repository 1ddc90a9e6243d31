import { IsoDateSchema } from '@dawsos/contracts';
import { z } from 'zod';
import { defineVariable as variable } from './variable';

const port = z.coerce.number().int().min(0).max(65_535);
const count = (minimum: number, maximum: number) => z.coerce.number().int().min(minimum).max(maximum);
const seconds = (minimum: number, maximum: number) => z.coerce.number().min(minimum).max(maximum);
const ratio = z.coerce.number().min(0).max(1);
const httpUrl = z.url({ protocol: /^https?$/ });
const onOff = z.stringbool({
  truthy: ['on', 'true'],
  falsy: ['off', 'false'],
  error: 'is neither on nor off',
});
const text = z.string().min(1);

/** The one table of configuration variables; docs/configuration.md is generated from it. */
export const VARIABLES = {
  ENVIRONMENT: variable({
    schema: text.default('development'),
    about: 'The deployment environment: deployment.environment.name on telemetry, and the rights that hold.',
    example: 'production',
  }),
  DATABASE_URL: variable({
    schema: z.url({ protocol: /^postgres(ql)?$/ }),
    about: 'PostgreSQL for runs and packs.',
    example: 'postgresql://dawsos:PASSWORD@localhost:5432/dawsos',
    secret: true,
  }),
  DATABASE_MAX_CONNECTIONS: variable({
    schema: count(2, 200).default(10),
    about: "The most connections of one process's pool.",
    example: '10',
  }),
  QUEUE_ENGINE: variable({
    schema: z.enum(['redis', 'postgres']).default('redis'),
    about: 'What carries the jobs: Redis, or the PostgreSQL of DATABASE_URL.',
    example: 'redis',
  }),
  REDIS_URL: variable({
    schema: z.url({ protocol: /^(rediss?|redis\+sentinel|redis\+cluster)$/ }).optional(),
    about:
      'Redis: redis://HOST:PORT, redis+sentinel://HOST:PORT,HOST:PORT/MASTER or redis+cluster://HOST:PORT,HOST:PORT.',
    example: 'redis://localhost:6379',
    secret: true,
  }),
  QUEUE_PREFIX: variable({
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,31}$/)
      .default('dawsos'),
    about:
      'The prefix of all keys in Redis (a hash tag on a cluster), so that several systems can share one.',
    example: 'dawsos',
  }),
  JOB_LOCK_SECONDS: variable({
    schema: seconds(1, 600).default(10),
    about: 'How long a worker holds a job without renewing its lock: a dead worker’s runs move on after it.',
    example: '10',
  }),
  LEDGER_REPO: variable({
    schema: text,
    about: 'The folder of the git repository that holds the ledger.',
    example: '/srv/ledger',
  }),
  LEDGER_FILE: variable({
    schema: text.default('main.beancount'),
    about: "The ledger's top file, as a path in that repository.",
    example: 'main.beancount',
  }),
  LEDGER_PLUGINS_ACCEPTED: variable({
    schema: z
      .string()
      .transform((names) => names.split(/[,\s]+/).filter((name) => name !== ''))
      .default([]),
    about:
      'Beancount plugins that are not run here, may change entries, and are accepted all the same: every result then names them. A ledger with any other such plugin is refused.',
    example: 'my_plugins.rounding',
  }),
  LEDGER_REF: variable({
    schema: text.default('main'),
    about: 'The branch, tag or commit that is read when a request names none.',
    example: 'main',
  }),
  LEDGER_REFS: variable({
    schema: text.transform((list) => list.split(',').map((ref) => ref.trim())).default([]),
    about:
      'The refs beside LEDGER_REF that a request with an API key may name, with all commits behind them, separated by commas; * for any. Which accounts a portfolio has is always what LEDGER_REF says.',
    example: 'review,v2024',
  }),
  PATTERNS_DIR: variable({
    schema: text,
    about: 'The folder of the pattern definitions.',
    example: '/srv/dawsos/patterns',
  }),
  RIGHTS_REGISTRY: variable({
    schema: text,
    about:
      'The file that says what may be shown and exported of each source: YAML, or ODRL policies as JSON-LD (docs/rights.md).',
    example: '/srv/dawsos/rights/registry.yaml',
  }),
  PRICES_DIR: variable({
    schema: text.optional(),
    about:
      'The folder of the price and FX files that packs are built from, beside the ledger’s own prices; without it there are none.',
    example: '/srv/prices',
  }),
  SOURCES_DIR: variable({
    schema: text.optional(),
    about:
      'The folder of macro series (macro/SOURCE/ID.csv), statements (fundamentals/SOURCE/SYMBOL.json) and news (news/SOURCE/SYMBOL.json); without it there are none.',
    example: '/srv/market',
  }),
  PACK_POLICY: variable({
    schema: z
      .string()
      .regex(/^[A-Z0-9]{1,24}$/)
      .optional(),
    about: 'A suffix of pack ids, where several pricing policies live side by side.',
    example: 'CLOSE',
  }),
  PACK_ASOF_DATE: variable({
    schema: IsoDateSchema.optional(),
    about: 'The day that the pack builder builds at start; by default the newest day that has prices.',
    example: '2025-10-22',
  }),
  PACK_MAX_AGE_BUSINESS_DAYS: variable({
    schema: count(0, 10_000).default(3),
    about: 'Business days that a pack may be older than the day it is asked for; above that it is stale.',
    example: '3',
  }),
  PACK_MAX_STALENESS_BPS: variable({
    schema: z
      .string()
      .regex(/^\d{1,5}(\.\d{1,4})?$/, { error: 'must be a number of basis points' })
      .optional(),
    about:
      'Basis points that prices older than allowed may have moved a portfolio’s value by, beside the limit on the pack’s age, where a request names no limit; none by default.',
    example: '25',
  }),
  PACK_BOUND_CONFIDENCE: variable({
    schema: z.enum(['0.95', '0.99', '0.999']).default('0.99'),
    about: 'How often the stated bound on what stale prices can have moved is to hold.',
    example: '0.99',
  }),
  MARKETS_FILE: variable({
    schema: text.optional(),
    about:
      'Market calendars (YAML): weekends, holidays, closing times, and which commodity follows which; Monday to Friday by default.',
    example: '/etc/dawsos/markets.yaml',
  }),
  WAIT_FOR_FRESH_SECONDS: variable({
    schema: count(1, 86_400).default(900),
    about: 'How long a run with wait_for_fresh waits for a fresh pack, where the request does not say.',
    example: '900',
  }),
  TODAY: variable({
    schema: IsoDateSchema.optional(),
    about:
      'The day taken for today where a request names none, for replays and the demo; by default the day it is, UTC.',
    example: '2025-10-22',
  }),
  PACK_SCHEDULE: variable({
    schema: text.default('5 0 * * *'),
    about: 'When the pack builder builds the newest pack: a cron expression, UTC.',
    example: '5 0 * * *',
  }),
  PACK_GAP_DAYS: variable({
    schema: count(0, 3_660).default(7),
    about:
      'Calendar days for which the last known price may stand in for a missing one; older ones are reported as missing.',
    example: '7',
  }),
  PROVIDER_HISTORY_DAYS: variable({
    schema: count(1, 36_500).default(1_826),
    about: "Calendar days before a pack's day from which providers are asked for prices.",
    example: '1826',
  }),
  FMP_API_KEY: variable({
    schema: text.optional(),
    about: 'The key of Financial Modeling Prep. Without it, the provider is off.',
    example: 'KEY',
    secret: true,
  }),
  FMP_URL: variable({
    schema: httpUrl.default('https://financialmodelingprep.com'),
    about: 'The address of Financial Modeling Prep, or of a proxy for it.',
    example: 'https://financialmodelingprep.com',
  }),
  FRED_API_KEY: variable({
    schema: text.optional(),
    about: 'The key of FRED, for macro series. Without it, the provider is off.',
    example: 'KEY',
    secret: true,
  }),
  FRED_URL: variable({
    schema: httpUrl.default('https://api.stlouisfed.org'),
    about: 'The address of FRED, or of a proxy for it.',
    example: 'https://api.stlouisfed.org',
  }),
  NEWSAPI_API_KEY: variable({
    schema: text.optional(),
    about: 'The key of NewsAPI. Without it, the provider is off.',
    example: 'KEY',
    secret: true,
  }),
  NEWSAPI_URL: variable({
    schema: httpUrl.default('https://newsapi.org'),
    about: 'The address of NewsAPI, or of a proxy for it.',
    example: 'https://newsapi.org',
  }),
  POLYGON_API_KEY: variable({
    schema: text.optional(),
    about: 'The key of Polygon. Without it, the provider is off.',
    example: 'KEY',
    secret: true,
  }),
  POLYGON_URL: variable({
    schema: httpUrl.default('https://api.polygon.io'),
    about: 'The address of Polygon, or of a proxy for it.',
    example: 'https://api.polygon.io',
  }),
  PROVIDER_REQUESTS_PER_MINUTE: variable({
    schema: count(1, 100_000).optional(),
    about: "Requests a minute to each provider; by default what the provider's documentation allows.",
    example: '100',
  }),
  HOST: variable({
    schema: text.default('127.0.0.1'),
    about: 'The address that the API listens on. Any but loopback needs API_KEYS_FILE.',
    example: '0.0.0.0',
  }),
  PORT: variable({
    schema: port.default(8080),
    about: 'The port of the API; 0 takes a free one.',
    example: '8080',
  }),
  OPERATIONS_HOST: variable({
    schema: text.default('127.0.0.1'),
    about: 'The address of /metrics and the health checks.',
    example: '0.0.0.0',
  }),
  OPERATIONS_PORT: variable({
    schema: port.default(9464),
    about: 'The port of /metrics and the health checks; 0 takes a free one.',
    example: '9464',
  }),
  API_KEYS_FILE: variable({
    schema: text.optional(),
    about: 'The file of the API keys (made by "dawsos keys create").',
    example: '/etc/dawsos/keys.json',
  }),
  RATE_LIMIT_PER_MINUTE: variable({
    schema: count(1, 1_000_000).default(6_000),
    about: 'Requests a minute that one principal may make of one API process.',
    example: '6000',
  }),
  RESULT_CACHING: variable({
    schema: z.enum(['private', 'no-store']).default('private'),
    about:
      'Whether a browser may keep finished runs (Cache-Control: private) or nothing of them, as on machines that clients share (no-store).',
    example: 'no-store',
  }),
  OPEN_RUNS_PER_PRINCIPAL: variable({
    schema: count(1, 10_000_000).default(20_000),
    about: 'Runs of one principal that may be open at once; what is submitted beyond is answered 429.',
    example: '20000',
  }),
  WORKER_CONCURRENCY: variable({
    schema: count(1, 256).default(4),
    about: 'Runs that one worker has in flight.',
    example: '4',
  }),
  STEP_CONCURRENCY: variable({
    schema: count(1, 64).default(4),
    about: 'Steps of one run that may be in flight.',
    example: '4',
  }),
  STEP_CACHE: variable({
    schema: onOff.default(true),
    about: 'Whether results of steps are reused where arguments and reads are equal.',
    example: 'on',
  }),
  RUN_MAX_ATTEMPTS: variable({
    schema: count(1, 100).default(5),
    about: 'How often a run is attempted before it fails.',
    example: '5',
  }),
  RUN_RETENTION_DAYS: variable({
    schema: count(1, 36_500).default(90),
    about: 'How long finished runs are kept.',
    example: '90',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    schema: httpUrl.optional(),
    about: 'Where traces go: an OTLP/HTTP receiver (Jaeger, Tempo, a collector). Off when absent.',
    example: 'http://localhost:4318',
  }),
  JAEGER_ENDPOINT: variable({
    schema: httpUrl.optional(),
    about: 'Another name for OTEL_EXPORTER_OTLP_ENDPOINT.',
    example: 'http://localhost:4318',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: variable({
    schema: text.optional(),
    about: 'Headers for the OTLP receiver: name=value,name=value.',
    example: 'authorization=Bearer TOKEN',
    secret: true,
  }),
  OTEL_TRACES_SAMPLER_ARG: variable({
    schema: ratio.default(1),
    about: 'The share of new traces that is sampled; a caller’s decision is kept.',
    example: '0.1',
  }),
  SENTRY_DSN: variable({
    schema: httpUrl.optional(),
    about: 'Where errors go. Off when absent.',
    example: 'https://KEY@sentry.example.com/1',
    secret: true,
  }),
  SENTRY_SAMPLE_RATE: variable({
    schema: ratio.default(1),
    about: 'The share of error events that is sent.',
    example: '1',
  }),
  PII_HASH_KEY: variable({
    schema: z.string().min(16).optional(),
    about: 'The key of the pseudonyms (HMAC-SHA-256): without it, short ids can be guessed from their hash.',
    example: 'a-random-text-of-32-characters-or-more',
    secret: true,
  }),
  LOG_LEVEL: variable({
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    about: 'The least level that is logged.',
    example: 'info',
  }),
  LOG_PRETTY: variable({
    schema: onOff.default(false),
    about: 'Logs for people instead of JSON.',
    example: 'on',
  }),
  SHUTDOWN_TIMEOUT_SECONDS: variable({
    schema: seconds(1, 600).default(20),
    about: 'How long a process may take to finish its work after SIGTERM.',
    example: '20',
  }),
} as const;

export type VariableName = keyof typeof VARIABLES;
