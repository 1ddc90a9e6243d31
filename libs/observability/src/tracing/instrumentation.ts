import type { TracerProvider } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { isOperationsPath } from '../operations-path';

/**
 * Auto-instrumentation that carries no data.
 * - Redis and PostgreSQL: only below a span, so BullMQ's polling, which has none, makes no spans; no arguments
 *   (by default EVALSHA's, which are whole jobs, are sent), no parameters, no connection spans.
 * - http: no spans for probes and scrapes, none for outgoing calls outside a trace.
 * - Express: gives the request's span its route and adds no spans of its own for layers.
 */
export const instrument = (tracerProvider: TracerProvider): (() => void) =>
  registerInstrumentations({
    tracerProvider,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) => isOperationsPath(request.url ?? ''),
        requireParentforOutgoingSpans: true,
      }),
      new ExpressInstrumentation({
        ignoreLayersType: [
          ExpressLayerType.MIDDLEWARE,
          ExpressLayerType.ROUTER,
          ExpressLayerType.REQUEST_HANDLER,
        ],
      }),
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
      new PgInstrumentation({
        requireParentSpan: true,
        ignoreConnectSpans: true,
        enhancedDatabaseReporting: false,
        addSqlCommenterCommentToQueries: false,
      }),
    ],
  });
