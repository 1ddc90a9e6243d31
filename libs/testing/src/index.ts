export { freePort } from './free-port';
export {
  createTestDatabase,
  startPostgres,
  type TestDatabase,
  type TestPostgres,
  type TestPostgresOptions,
} from './postgres';
export { startRedis, type TestRedis, type TestRedisOptions } from './redis';
export { startTcpProxy, type TcpProxy } from './tcp-proxy';
