export { backoffMs, type BackoffPolicy } from './backoff';
export { settlesWithin, withDeadline } from './deadline';
export { createMemo, type Memo } from './memo';
export { createSharedCalls, type SharedCalls } from './shared-calls';
export { createSilenceGuardedSocket } from './silent-socket';
// from here and not from the package itself: build tools pin an old release at the root, and one copy is enough
export { LRUCache } from 'lru-cache';
export { freePort, isFreePort } from './free-port';
