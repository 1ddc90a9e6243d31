import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

const TRACEPARENT = 'traceparent';

/**
 * W3C trace context by `traceparent` alone. A `tracestate` holds what its sender pleases, up to 512 characters that
 * would stand on every span, in every job and in requests to others: it is neither read nor sent.
 */
export class TraceparentPropagator implements TextMapPropagator {
  private readonly whole = new W3CTraceContextPropagator();

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.whole.inject(context, carrier, {
      set: (to, key, value) => {
        if (key === TRACEPARENT) setter.set(to, key, value);
      },
    });
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    return this.whole.extract(context, carrier, {
      keys: (from) => getter.keys(from),
      get: (from, key) => (key === TRACEPARENT ? getter.get(from, key) : undefined),
    });
  }

  fields(): string[] {
    return [TRACEPARENT];
  }
}
