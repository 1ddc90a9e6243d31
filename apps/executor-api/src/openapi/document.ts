import {
  extendZodWithOpenApi,
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
} from '@asteasolutions/zod-to-openapi';
import {
  AcceptedRunSchema,
  ExecuteRequestSchema,
  JsonValueSchema,
  PackSummarySchema,
  PatternDefinitionSchema,
  PROBLEM_MEDIA_TYPE,
  ProblemSchema,
  RunSchema,
} from '@dawsos/contracts';
import { z } from 'zod';
import type { ResponseDescription, Route } from '../http/route';

extendZodWithOpenApi(z);
// Recursive, so it must have a name; other schemas hold this very one, which was made before zod was extended.
(z.ZodType.prototype as z.ZodType).openapi.call(JsonValueSchema, 'JsonValue');

const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  AcceptedRun: AcceptedRunSchema,
  ExecuteRequest: ExecuteRequestSchema,
  PackSummary: PackSummarySchema,
  Pattern: PatternDefinitionSchema,
  Problem: ProblemSchema,
  Run: RunSchema,
};

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request is not valid; `errors` names the fields.',
  401: 'A key is needed.',
  403: 'The key, or the page that asked, may not do this.',
  404: 'There is none, or it is not yours.',
  409: 'The state does not allow it.',
  413: 'The body is too large.',
  415: 'The body is not application/json.',
  422: 'The request is well formed and cannot be carried out: `code` says why.',
  429: 'Too many requests; `Retry-After` says how long to wait.',
  503: 'Not now; `Retry-After` says when. For a pack that is not fresh, `pack_id` and `pack_status` are given.',
};

const TAGS = [
  { name: 'runs', description: 'Submitting, following and reading executions of patterns.' },
  { name: 'patterns', description: 'What can be run.' },
  { name: 'portfolios', description: 'What can be asked about.' },
  { name: 'packs', description: 'The immutable prices and rates that runs are pinned to.' },
  { name: 'exports', description: 'Results as files, and what was shown and exported of whose data.' },
  { name: 'health', description: 'For probes, load balancers and alerts.' },
  { name: 'documentation', description: 'This document.' },
];

type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** OpenAPI 3.1, from the table of routes and the schemas that the server itself parses with. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  const schemas = new Map(
    // A schema has the generator's method only if it was made after zod was extended, as a clone is.
    Object.entries(COMPONENTS).map(([name, schema]) => [schema, registry.register(name, schema.clone())]),
  );
  const named = (schema: z.ZodType): z.ZodType => schemas.get(schema) ?? schema;
  const key = registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of "dawsos keys create". On loopback without keys none is needed.',
  });
  for (const route of routes) registerRoute(registry, route, named, key.name);
  return new OpenApiGeneratorV31(registry.definitions, { sortComponents: 'alphabetically' }).generateDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'dawsos executor API',
        version,
        description: 'Runs patterns over a Beancount ledger and a pricing pack, durably and reproducibly.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: TAGS,
    },
  );
}

function registerRoute(
  registry: OpenAPIRegistry,
  route: Route,
  named: (schema: z.ZodType) => z.ZodType,
  keyName: string,
): void {
  const { description, scope } = route;
  const isPublic = scope === 'public';
  registry.registerPath({
    method: route.method,
    path: route.path,
    operationId: description.operationId,
    tags: [description.tag],
    summary: description.summary,
    ...(description.description === undefined ? {} : { description: description.description }),
    security: isPublic ? [] : [{ [keyName]: [] }],
    'x-scope': scope,
    request: {
      ...(route.params instanceof z.ZodObject ? { params: route.params } : {}),
      ...(route.query instanceof z.ZodObject ? { query: route.query } : {}),
      ...(route.body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: named(route.body) } } } }),
    },
    parameters: Object.entries(description.requestHeaders ?? {}).map(([name, about]) => ({
      name,
      in: 'header' as const,
      description: about,
      schema: { type: 'string' as const },
    })),
    responses: {
      ...Object.fromEntries(
        Object.entries(description.responses).map(([status, response]) => [
          status,
          responseOf(response, named),
        ]),
      ),
      ...problemsOf(route, named(ProblemSchema)),
    },
  });
}

function responseOf(response: ResponseDescription, named: (schema: z.ZodType) => z.ZodType): ResponseConfig {
  const { schema, mediaType = 'application/json', headers } = response;
  return {
    description: response.description,
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, about]) => [
              name,
              { description: about, schema: { type: 'string' } },
            ]),
          ),
        }),
    ...(schema === undefined ? {} : { content: { [mediaType]: { schema: named(schema) } } }),
  };
}

function problemsOf({ scope, description }: Route, problem: z.ZodType): Record<string, ResponseConfig> {
  const always = scope === 'public' ? [] : [400, 401, 403, 429, 503];
  const statuses = [...always, ...(description.problems ?? [])].filter(
    (status) => !(status in description.responses),
  );
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { description: PROBLEMS[status] ?? '', content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } } },
    ]),
  );
}

export function openApiText(routes: readonly Route[], version: string): string {
  return `${JSON.stringify(openApiDocument(routes, version), null, 2)}\n`;
}
