import { DawsosError } from '@dawsos/contracts';
import { currentTraceparent, httpMetrics } from '@dawsos/observability';
import express, { type Express, type RequestHandler } from 'express';
import { authorize } from './http/authorize';
import { handleRoute } from './http/handle-route';
import { requireOwnOrigin } from './http/origin-guard';
import { problemHandler } from './http/problem-handler';
import { createRateLimits } from './http/rate-limits';
import { bodyBytes, requireJsonType } from './http/read-body';
import { createRequestIds } from './http/request-id';
import { countExecutions } from './http/request-metrics';
import type { Route } from './http/route';
import { securityHeaders } from './http/security-headers';
import { createServerTiming } from './http/server-timing';
import type { Services } from './services';

/** The API over its table of routes. All that is outside the table answers 404, and another method 405. */
export function createApplication(routes: readonly Route[], services: Services): Express {
  const application = express();
  application.disable('x-powered-by');
  application.disable('etag');
  application.set('query parser', 'simple');
  // The socket's address counts: X-Forwarded-For can be made up.
  application.set('trust proxy', false);
  application.enable('case sensitive routing');
  const rateLimits = createRateLimits(services.limits.requestsPerMinute);

  application.use(httpMetrics(services), identify(), securityHeaders(), refuseForeignOrigins(services));
  for (const route of routes) {
    application[route.method](expressPath(route.path), [
      ...(route.path === '/v1/execute' ? [countExecutions(services)] : []),
      authorize(route.scope, services.authenticator, rateLimits),
      ...(route.body === undefined ? [] : [jsonOnly(), bodyBytes()]),
      handleRoute(route, services),
    ]);
  }
  for (const [path, methods] of methodsByPath(routes))
    application.all(expressPath(path), methodNotAllowed(methods));
  application.use(notFound());
  application.use(problemHandler(services));
  return application;
}

/** Names the request, and answers with the name and the trace. */
function identify(): RequestHandler {
  const requestIdOf = createRequestIds();
  return (request, response, next) => {
    const { kept, echoed } = requestIdOf(request.get('x-request-id'));
    response.locals['requestId'] = kept;
    response.setHeader('X-Request-Id', echoed);
    response.setHeader('Cache-Control', 'no-store');
    response.locals['timing'] = createServerTiming(currentTraceparent(), (value) =>
      response.setHeader('Server-Timing', value),
    );
    next();
  };
}

function refuseForeignOrigins({ authenticator }: Services): RequestHandler {
  return (request, _response, next) => {
    requireOwnOrigin(request.headers, authenticator.mode);
    next();
  };
}

function jsonOnly(): RequestHandler {
  return (request, _response, next) => {
    requireJsonType(request);
    next();
  };
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const names = method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()];
    methods.set(path, [...(methods.get(path) ?? []), ...names]);
  }
  return methods;
}

function methodNotAllowed(methods: readonly string[]): RequestHandler {
  const allowed = methods.join(', ');
  return (_request, response) => {
    response.setHeader('Allow', allowed);
    throw new DawsosError('method_not_allowed', `Only ${allowed} here.`);
  };
}

function notFound(): RequestHandler {
  return () => {
    throw new DawsosError('not_found', 'There is nothing at this address; see /docs.');
  };
}

/** `/v1/runs/{run_id}` as Express writes it. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
