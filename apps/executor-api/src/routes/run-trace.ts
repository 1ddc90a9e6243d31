import { JsonValueSchema, type JsonObject, type JsonValue } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute } from '../http/route';
import { runNotFound } from '@dawsos/runs';
import { RunParams } from './run-params';

const SpanSchema = z.object({
  trace_id: z.string(),
  span_id: z.string(),
  parent_span_id: z.string().nullable(),
  name: z.string(),
  kind: z.string(),
  service: z.string(),
  start_us: z.number().describe('Microseconds since the epoch.'),
  duration_us: z.number(),
  status: z.string(),
  attributes: z.record(z.string(), JsonValueSchema),
});

export const runTrace = defineRoute({
  method: 'get',
  path: '/v1/runs/{run_id}/trace',
  scope: 'read',
  params: RunParams,
  description: {
    operationId: 'runTrace',
    tag: 'runs',
    summary: "The spans of a run's trace, as kept with the run",
    description: 'So that a run can be looked into without a tracing backend; filtered as all telemetry is.',
    responses: {
      200: { description: 'The spans so far.', schema: z.object({ spans: z.array(SpanSchema) }) },
    },
    problems: [404],
  },
  async handle({ response, params, caller }, { spans }) {
    const stored = await spans.find(caller.principal, params.run_id);
    if (stored === undefined) throw runNotFound();
    response.json({ spans: stored.map(spanOf) });
  },
});

/** From the form in which the telemetry hands a span over: nanoseconds, the big ones as text. */
function spanOf(stored: JsonObject): JsonObject {
  return {
    trace_id: text(stored['traceId']),
    span_id: text(stored['spanId']),
    parent_span_id: stored['parentSpanId'] ?? null,
    name: text(stored['name']),
    kind: text(stored['kind']),
    service: text(stored['service']),
    start_us: Number(BigInt(text(stored['startUnixNano'])) / 1000n),
    duration_us: Math.round(Number(stored['durationNano'] ?? 0) / 1000),
    status: text(stored['status']),
    attributes: stored['attributes'] ?? {},
  };
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '0';
}
