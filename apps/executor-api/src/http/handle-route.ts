import type { RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Services } from '../services';
import type { Caller } from './authentication';
import { parseRequest } from './field-errors';
import { readJson } from './read-body';
import type { Route } from './route';
import type { ServerTiming } from './server-timing';

/** What the middleware before a route leaves for it. */
interface Locals {
  readonly requestId: string;
  readonly caller: Caller;
  readonly timing: ServerTiming;
}

/** Parses what came in by the route's schemas and hands it to its handler. */
export function handleRoute(route: Route, services: Services): RequestHandler {
  return async (request, response) => {
    const locals = response.locals as Locals;
    const params = parse(route.params, request.params, 'address');
    const query = parse(route.query, request.query, 'query string');
    const body = route.body === undefined ? undefined : parseRequest(route.body, readJson(request), 'body');
    let signal: AbortSignal | undefined;
    await route.handle(
      {
        request,
        response,
        params,
        query,
        body,
        ...locals,
        // made for the few routes that wait: a signal costs more than all else that is done here
        get signal() {
          return (signal ??= AbortSignal.any([services.shuttingDown, closedSignal(response)]));
        },
      },
      services,
    );
  };
}

/** A route that names no schema takes none: what came is left unread. */
function parse(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  return schema === undefined ? {} : parseRequest(schema, value, what);
}

function closedSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  if (response.closed) controller.abort();
  response.once('close', () => controller.abort());
  return controller.signal;
}
