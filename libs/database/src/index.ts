export { openDatabase, type Database, type DatabaseOptions } from './database';
export { takeAdvisoryLock, type AdvisoryLock } from './advisory-lock';
export { openListener, type Listener, type ListenerOptions } from './listener';
export { migrateToLatest, pendingMigrations, requireMigrated } from './migrate';
export { createGroupCommit, type GroupCommitOptions } from './group-commit';
export { startElectedPolling, type ElectedPollerOptions } from './elected-poller';
export { createLease, type Lease } from './lease';
export { startPolling, type Poller, type PollerOptions } from './poller';
export { dumpSchema } from './dump-schema';
export type { Schema } from './schema';
export { isStoreUnavailable, withStore } from './unavailable';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/server';
export { PACK_IMMUTABLE_SQLSTATE, PACK_TRANSITION_SQLSTATE } from './migrations/0002_packs';
export { AUDIT_APPEND_ONLY_SQLSTATE } from './migrations/0006_rights_decisions';
export { createKeyedHash, type KeyedHash } from './keyed-hash';
