import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetricsRegistry } from './metrics-registry';
import { within } from './within';

export interface CheckResult {
  readonly ready: boolean;
  /** What each check found: shown with `?verbose`. Names and constants only, no client's data. */
  readonly checks?: Readonly<Record<string, boolean | string>>;
}
type Check = () => boolean | CheckResult | Promise<boolean | CheckResult>;

export interface OperationsOptions {
  readonly metrics: MetricsRegistry;
  /** Whether the process itself works: no dependency is asked. Alive without. */
  readonly liveness?: Check | undefined;
  /** Whether it should get work now: false at start and, first of all, at shutdown. */
  readonly readiness?: Check | undefined;
  readonly host?: string | undefined;
  readonly port: number;
  /** A check that takes longer than this has failed. */
  readonly checkTimeoutMs?: number | undefined;
}

export interface OperationsServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const TEXT = 'text/plain; charset=utf-8';

const LOOPBACK = '127.0.0.1';

const hostOf = ({ headers: { host = '' } }: IncomingMessage): string =>
  host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');

const isLoopback = (host: string): boolean =>
  host.toLowerCase() === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

const runCheck = async (check: Check | undefined, timeoutMs: number): Promise<CheckResult> => {
  if (check === undefined) return { ready: true };
  try {
    const late: CheckResult = { ready: false, checks: { answered: false } };
    const result = await within<CheckResult | boolean>(Promise.resolve(check()), timeoutMs, late);
    return typeof result === 'boolean' ? { ready: result } : result;
  } catch {
    return { ready: false, checks: { threw: true } };
  }
};

const describe = (result: CheckResult, verbose: boolean): Answer => {
  const lines = Object.entries(result.checks ?? {}).map(([name, found]) => {
    const passed = found === true || found === 'ok';
    return `[${passed ? '+' : '-'}]${name} ${found === true ? 'ok' : found === false ? 'failed' : found}`;
  });
  const word = result.ready ? 'ok' : 'not ready';
  return {
    status: result.ready ? 200 : 503,
    type: TEXT,
    body: `${[...(verbose ? lines : []), word].join('\n')}\n`,
  };
};

const answer = async (request: IncomingMessage, options: OperationsOptions): Promise<Answer> => {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, type: TEXT, body: 'GET only\n' };
  // a foreign page may have its name resolve to this machine (DNS rebinding)
  if (isLoopback(options.host ?? LOOPBACK) && !isLoopback(hostOf(request)))
    return { status: 403, type: TEXT, body: 'The Host header must name this machine.\n' };
  const url = new URL(request.url ?? '/', 'http://operations');
  const verbose = url.searchParams.has('verbose');
  const timeoutMs = options.checkTimeoutMs ?? 2_000;
  switch (url.pathname) {
    case '/metrics': {
      const { contentType, body } = await options.metrics.expose(request.headers.accept);
      return { status: 200, type: contentType, body };
    }
    case '/health/live':
    case '/livez':
      return describe(await runCheck(options.liveness, timeoutMs), verbose);
    case '/health/ready':
    case '/readyz':
      return describe(await runCheck(options.readiness, timeoutMs), verbose);
    default:
      return {
        status: 404,
        type: TEXT,
        body: 'See /metrics, /health/live, /health/ready, /livez and /readyz?verbose\n',
      };
  }
};

const send = (response: ServerResponse, { status, type, body }: Answer, headOnly: boolean): void => {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(body),
  });
  response.end(headOnly ? undefined : body);
};

/** Serves metrics and health on a port of their own, so that they are never exposed with the API. */
export const serveOperations = async (options: OperationsOptions): Promise<OperationsServer> => {
  const server = createServer((request, response) => {
    answer(request, options).then(
      (found) => send(response, found, request.method === 'HEAD'),
      () => send(response, { status: 500, type: TEXT, body: 'failed\n' }, false),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host ?? LOOPBACK, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
