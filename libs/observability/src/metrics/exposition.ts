import type { OpenMetricsContentType, Registry } from 'prom-client';

const PLAIN_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Whether an Accept header asks for OpenMetrics (a quality of 0 refuses it). */
export const wantsOpenMetrics = (accept: string | undefined): boolean =>
  (accept ?? '')
    .split(',')
    .some(
      (range) => /^\s*application\/openmetrics-text\b/i.test(range) && !/;\s*q=0(\.0*)?\s*(;|$)/i.test(range),
    );

const withoutExemplar = (line: string): string => {
  const at = line.lastIndexOf(' # {');
  return at === -1 ? line : line.slice(0, at);
};

/**
 * OpenMetrics text as Prometheus' own text format: without exemplars and the end mark, and with `_total` in the
 * names of counters. prom-client keeps exemplars only in a registry of OpenMetrics, and renaming happens in it.
 */
export const toPlainText = (openMetrics: string): string => {
  const lines = openMetrics.split('\n');
  const plain: string[] = [];
  lines.forEach((line, index) => {
    if (line === '# EOF' || (line === '' && index === lines.length - 1)) return;
    const counter = /^# TYPE (\S+) counter$/.exec(line);
    if (counter !== null) {
      const help = plain.pop() ?? '';
      plain.push(help.replace(`# HELP ${counter[1]} `, `# HELP ${counter[1]}_total `));
      plain.push(`# TYPE ${counter[1]}_total counter`);
      return;
    }
    plain.push(line.startsWith('#') ? line : withoutExemplar(line));
  });
  return `${plain.join('\n')}\n`;
};

/** A scrape's answer in the format that it asked for. */
export const exposeRegistry = async (
  registry: Registry<OpenMetricsContentType>,
  accept: string | undefined,
): Promise<{ contentType: string; body: string }> => {
  const openMetrics = await registry.metrics();
  return wantsOpenMetrics(accept)
    ? { contentType: OPEN_METRICS_TYPE, body: openMetrics }
    : { contentType: PLAIN_TYPE, body: toPlainText(openMetrics) };
};
