import type { Scope } from '@dawsos/contracts';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Services } from '../services';
import type { Caller } from './authentication';
import type { ServerTiming } from './server-timing';

/** What a caller's key must allow; `public` needs no key. */
export type RouteScope = Scope | 'public';

/** One answer as the OpenAPI document shows it; problems are added by the document for all routes. */
export interface ResponseDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RouteDescription {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'runs' | 'patterns' | 'portfolios' | 'packs' | 'exports' | 'health' | 'documentation';
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<number, ResponseDescription>>;
  /** Statuses of problem bodies beyond those that every route may answer. */
  readonly problems?: readonly number[];
}

/** One request on its way through a handler, all that came in already parsed. */
export interface Exchange<Params, Query, Body> {
  readonly request: Request;
  readonly response: Response;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly requestId: string;
  readonly timing: ServerTiming;
  /** Aborted when the client has gone or the process shuts down. */
  readonly signal: AbortSignal;
}

export interface RouteDefinition<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: 'get' | 'post';
  /** With parameters as OpenAPI writes them: `/v1/runs/{run_id}`. */
  readonly path: string;
  readonly scope: RouteScope;
  readonly description: RouteDescription;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  handle(
    exchange: Exchange<z.output<Params>, z.output<Query>, z.output<Body>>,
    services: Services,
  ): Promise<void> | void;
}

/** A route as the table holds it: its parts no longer tied to one another by type. */
export type Route = RouteDefinition<z.ZodType, z.ZodType, z.ZodType>;

/** Ties the types of a route's schemas to its handler, and unties them for the table; the server parses before it calls. */
export function defineRoute<
  Params extends z.ZodType = z.ZodType<Record<string, never>>,
  Query extends z.ZodType = z.ZodType<Record<string, never>>,
  Body extends z.ZodType = z.ZodType<undefined>,
>(route: RouteDefinition<Params, Query, Body>): Route {
  return route;
}
