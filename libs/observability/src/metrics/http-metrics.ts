import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MetricsRegistry } from '../metrics-registry';

/** What Express adds to a request once a route has matched. */
interface RoutedRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly route?: { readonly path: string | RegExp };
}

export interface HttpMetricsOptions {
  readonly metrics: Pick<MetricsRegistry, 'recordHttpRequest'>;
  /**
   * Where routers are mounted, such as `/v1`, to be shown before their routes. Express tells the path that was asked
   * for and not the mount's pattern, so of a mount with parameters it would tell a client's data.
   */
  readonly mounts?: readonly string[];
}

/**
 * Middleware for Express and what is like it: counts and times every request by method, route and status, and links
 * the time to its trace. One line, before the routes: `app.use(httpMetrics(observability))`. An address of no route is
 * `unmatched`, so that clients cannot make series.
 */
export const httpMetrics =
  ({ metrics, mounts = [] }: HttpMetricsOptions) =>
  (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const started = performance.now();
    response.once('close', () => {
      const seconds = (performance.now() - started) / 1_000;
      metrics.recordHttpRequest(request.method ?? '', routeOf(request, mounts), response.statusCode, seconds);
    });
    next();
  };

/** By the address and not by Express' `baseUrl`, which is empty again once a router has failed. */
const routeOf = ({ originalUrl = '', route }: RoutedRequest, mounts: readonly string[]): string => {
  if (route === undefined) return 'unmatched';
  const mount = mounts.find((path) => originalUrl.startsWith(`${path}/`)) ?? '';
  return `${mount}${String(route.path)}`;
};
