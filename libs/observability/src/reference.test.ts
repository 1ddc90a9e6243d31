import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricReference, traceReference } from './reference';

const page = (name: string) => readFileSync(join(__dirname, '../../../docs', name), 'utf8');

it('docs/metrics.md is what the table of metrics gives (npm run docs)', () => {
  expect(page('metrics.md')).toBe(metricReference());
});

it('docs/traces.md is what the tables of spans and attributes give (npm run docs)', () => {
  expect(page('traces.md')).toBe(traceReference());
});
