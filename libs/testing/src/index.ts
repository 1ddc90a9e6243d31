export { freePort } from '@dawsos/resilience';
export {
  createTestDatabase,
  startPostgres,
  type TestDatabase,
  type TestPostgres,
  type TestPostgresOptions,
} from './postgres';
export { sharedPostgres, type SharedPostgres } from './shared-postgres';
export { hasProgram } from './has-program';
export { startPrometheus, type TestPrometheus, type TestPrometheusOptions } from './prometheus';
export { findOwnPostgres, startOwnPostgres } from './own-postgres';
export { startRedis, type TestRedis, type TestRedisOptions } from './redis';
export { startTcpProxy, type TcpProxy } from './tcp-proxy';
export { startOtlpReceiver, type OtlpReceiver } from './otlp-receiver';
export type { ReceivedAttributes, ReceivedSpan } from './otlp-protocol';
export { findLeaks } from './leak-search';
export { PLANTED_SECRETS, type PlantedSecret } from './planted-secrets';
export { startSentryReceiver, type SentryEnvelope, type SentryReceiver } from './sentry-receiver';
export { drawTree, toTree, type DrawOptions, type SpanNode } from './trace-tree';
