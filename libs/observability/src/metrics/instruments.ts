import { trace, TraceFlags } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, type OpenMetricsContentType, type Registry } from 'prom-client';
import type { MetricDefinition } from './catalogue';

/** What prom-client needs to know of a metric; who sets it is the catalogue's matter. */
export type InstrumentDefinition = Omit<MetricDefinition, 'exporters'>;

type Labels = Readonly<Record<string, string>>;

export interface CounterInstrument {
  inc(labels: Labels, value?: number): void;
}
export interface GaugeInstrument {
  set(labels: Labels, value: number): void;
  remove(labels: Labels): void;
}
export interface HistogramInstrument {
  observe(labels: Labels, value: number): void;
  remove(labels: Labels): void;
}

const exemplarLabels = (): { trace_id: string; span_id: string } | undefined => {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined || (context.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  return { trace_id: context.traceId, span_id: context.spanId };
};

const settings = (definition: InstrumentDefinition, registry: Registry<OpenMetricsContentType>) => ({
  name: definition.name,
  help: definition.help,
  labelNames: [...definition.labels],
  registers: [registry],
});

export const makeCounter = (
  definition: InstrumentDefinition,
  registry: Registry<OpenMetricsContentType>,
): CounterInstrument => {
  const counter = new Counter(settings(definition, registry));
  return { inc: (labels, value = 1) => counter.inc(labels, value) };
};

export const makeGauge = (
  definition: InstrumentDefinition,
  registry: Registry<OpenMetricsContentType>,
): GaugeInstrument => {
  const gauge = new Gauge(settings(definition, registry));
  return { set: (labels, value) => gauge.set(labels, value), remove: (labels) => gauge.remove(labels) };
};

/** A histogram whose buckets name the last sampled trace that fell into them. */
export const makeHistogram = (
  definition: InstrumentDefinition,
  registry: Registry<OpenMetricsContentType>,
): HistogramInstrument => {
  const histogram = new Histogram({
    ...settings(definition, registry),
    buckets: [...(definition.buckets ?? [])],
    enableExemplars: true,
  });
  return {
    observe(labels, value) {
      const exemplar = exemplarLabels();
      histogram.observe(
        exemplar === undefined ? { labels, value } : { labels, value, exemplarLabels: exemplar },
      );
    },
    remove: (labels) => histogram.remove(labels),
  };
};
