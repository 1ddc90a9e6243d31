import { RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace';

const random = new RandomIdGenerator();
let chosen: string | undefined;

/** Random ids, but for spans that are started by `withSpanId`. */
export const idGenerator: IdGenerator = {
  generateTraceId: () => random.generateTraceId(),
  generateSpanId() {
    const id = chosen ?? random.generateSpanId();
    chosen = undefined;
    return id;
  },
};

/**
 * Starts one span under an id that is known already: the span of work whose process died before it could end it, so
 * that the spans which that process did send find their parent.
 */
export const withSpanId = <T>(spanId: string | undefined, startSpan: () => T): T => {
  chosen = spanId;
  try {
    return startSpan();
  } finally {
    chosen = undefined;
  }
};
