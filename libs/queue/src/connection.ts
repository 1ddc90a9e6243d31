import { DawsosError } from '@dawsos/contracts';
import { Cluster, Redis, type ClusterNode, type RedisOptions as IoredisOptions } from 'ioredis';

/** Without the mapping of replies, which is BullMQ's to choose. */
type RedisOptions = Omit<IoredisOptions, 'replyMapping'>;

/** Where Redis is: one server, a master behind Sentinels, or a cluster. */
export type RedisTarget =
  | { readonly kind: 'single'; readonly options: RedisOptions }
  | { readonly kind: 'sentinel'; readonly options: RedisOptions }
  | { readonly kind: 'cluster'; readonly nodes: readonly ClusterNode[]; readonly options: RedisOptions };

/** A producer answers its caller, so it gives up soon; a worker waits on blocking commands, so it must not. */
export type ConnectionRole = 'producer' | 'worker';

/** Longer than a worker's blocking read (BullMQ's drainDelay, 5 s): a half-open connection is dropped after it. */
const SOCKET_TIMEOUT_MS = 15_000;
const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** BullMQ's own delays grow to 20 s; one second costs little and is back as soon as Redis is. */
const RECONNECT_MS = 1_000;
const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26379;

/**
 * Reads `redis://[USER:PASSWORD@]HOST[:PORT][/DB]`, `rediss://…`, `redis+sentinel://[…@]HOST:PORT,HOST:PORT/MASTER[/DB]`
 * and `redis+cluster://[…@]HOST:PORT,HOST:PORT`.
 * @throws DawsosError `invalid_configuration`; its message does not repeat the URL, which may hold a password.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = /^(rediss?|redis\+sentinel|redis\+cluster):\/\/(?:([^@/]*)@)?([^/?]+)(?:\/([^?]*))?$/.exec(
    url,
  );
  const [, scheme, credentials, hosts, path = ''] = match ?? [];
  if (scheme === undefined || hosts === undefined)
    throw invalid('it is none of redis://, rediss://, redis+sentinel://, redis+cluster://');
  const login = credentialsOf(credentials);
  const segments = path.split('/').filter((segment) => segment !== '');
  switch (scheme) {
    case 'redis+cluster':
      return { kind: 'cluster', nodes: nodesOf(hosts, DEFAULT_PORT), options: login };
    case 'redis+sentinel': {
      const [master, db] = segments;
      if (master === undefined) throw invalid('a Sentinel address ends with /MASTER');
      const sentinels = nodesOf(hosts, DEFAULT_SENTINEL_PORT);
      return {
        kind: 'sentinel',
        options: { ...login, sentinels: [...sentinels], name: master, db: databaseOf(db) },
      };
    }
    default: {
      const nodes = nodesOf(hosts, DEFAULT_PORT);
      const [node] = nodes;
      if (node === undefined || nodes.length > 1) throw invalid('redis:// names one server');
      const tls = scheme === 'rediss' ? { tls: {} } : {};
      return { kind: 'single', options: { ...login, ...tls, ...node, db: databaseOf(segments[0]) } };
    }
  }
}

/** A connection of its own for `role`; it connects by itself and stays quiet until then. */
export function connectRedis(target: RedisTarget, role: ConnectionRole): Redis | Cluster {
  const options: RedisOptions = {
    ...target.options,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => RECONNECT_MS,
    ...(role === 'producer'
      ? { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 1 }
      : { socketTimeout: SOCKET_TIMEOUT_MS, maxRetriesPerRequest: null }),
  };
  if (target.kind !== 'cluster') return new Redis({ ...options, sentinelRetryStrategy: () => RECONNECT_MS });
  return new Cluster([...target.nodes], { redisOptions: options, clusterRetryStrategy: () => RECONNECT_MS });
}

function nodesOf(hosts: string, defaultPort: number): readonly { host: string; port: number }[] {
  return hosts.split(',').map((text) => {
    const match = /^(\[[0-9a-fA-F:]+\]|[^:\s@]+)(?::(\d{1,5}))?$/.exec(text.trim());
    const [, host, port] = match ?? [];
    if (host === undefined) throw invalid('a host is not valid');
    return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? defaultPort : Number(port) };
  });
}

function credentialsOf(text: string | undefined): { username?: string; password?: string } {
  if (text === undefined || text === '') return {};
  const colon = text.indexOf(':');
  const [username, password] = colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)];
  return {
    ...(username === '' ? {} : { username: unescaped(username) }),
    ...(password === '' ? {} : { password: unescaped(password) }),
  };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('the user or the password is not percent-encoded');
  }
}

function databaseOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,4}$/.test(text)) throw invalid('the database is a number');
  return Number(text);
}

function invalid(what: string): DawsosError {
  return new DawsosError(
    'invalid_configuration',
    `REDIS_URL: ${what}. For example: REDIS_URL=redis://localhost:6379`,
  );
}
