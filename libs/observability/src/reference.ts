import { METRICS, type MetricDefinition } from './metrics/catalogue';
import { SPAN_ATTRIBUTES, SPANS } from './tracing/catalogue';

const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(', ') || '–';

/** docs/metrics.md, from the table. */
export function metricReference(): string {
  const rows = Object.values<MetricDefinition>(METRICS).map(
    ({ name, type, labels, buckets, exporters, help }) =>
      `| ${code(name)} | ${type} | ${codes(labels)} | ${exporters.join(', ')} | ${help}${buckets === undefined ? '' : ` Buckets: ${buckets.join(' ')}.`} |`,
  );
  return [
    '# Metrics',
    '',
    'Every process serves them at `/metrics` on its operations port, beside those of Node.js and the process (`process_*`, `nodejs_*`): as Prometheus text, or as OpenMetrics where the scraper asks for it, and then with exemplars, so that a latency bucket names a trace. Generated from `libs/observability/src/metrics/catalogue.ts`.',
    '',
    '| metric | type | labels | set by | what |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** docs/traces.md, from the tables. */
export function traceReference(): string {
  const spans = SPANS.map(
    (span) =>
      `| ${code(span.name)} | ${span.kind} | ${span.parent} | ${span.service} | ${codes(span.attributes)} | ${span.about} |`,
  );
  const attributes = Object.entries(SPAN_ATTRIBUTES).map(
    ([name, { context, about }]) => `| ${code(name)} | ${context ? 'yes' : 'no'} | ${about} |`,
  );
  return [
    '# Traces',
    '',
    'Spans and attributes that the code makes; below them stand those of http, Redis and PostgreSQL, without data. What is kept and why: [observability.md](observability.md). Generated from `libs/observability/src/tracing/catalogue.ts`.',
    '',
    '## Spans',
    '',
    '| span | kind | below | service | own attributes | what |',
    '| --- | --- | --- | --- | --- | --- |',
    ...spans,
    '',
    '## Attributes',
    '',
    'Those of the run are on every span from `execute_pattern` down, the auto-instrumented ones included.',
    '',
    '| attribute | of the run | what |',
    '| --- | --- | --- |',
    ...attributes,
    '',
  ].join('\n');
}
