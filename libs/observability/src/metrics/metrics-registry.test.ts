import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import fc from 'fast-check';
import { METRICS, type MetricDefinition } from './catalogue';
import { createMetricsRegistry } from './create-metrics-registry';
import { boundLabel } from './label';

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

const make = () =>
  createMetricsRegistry({ serviceName: 's', serviceVersion: '1.2.3', processMetrics: false });
const plain = async (metrics: ReturnType<typeof make>) => (await metrics.expose(undefined)).body;
const seriesOf = (body: string, name: string) =>
  body.split('\n').filter((line) => line.startsWith(`${name}{`));

function inTrace<T>(sampled: boolean, fn: () => Promise<T>): Promise<T> {
  const span = trace.wrapSpanContext({
    traceId: TRACE_ID,
    spanId: 'b7ad6b7169203331',
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
  });
  return context.with(trace.setSpan(context.active(), span), fn);
}

describe('the metrics of a process', () => {
  it('are those of the catalogue, with its types, help and buckets', async () => {
    const body = await plain(make());
    for (const { name, type, help } of Object.values<MetricDefinition>(METRICS)) {
      expect(body).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
    }
    expect(body).toContain('dawsos_executor_build_info{version="1.2.3",service="s"} 1\n');
    expect([...body.matchAll(/^# TYPE (\S+)/gm)]).toHaveLength(Object.keys(METRICS).length);
  });

  it('stand in a registry of their own: two in one process share nothing', async () => {
    const [one, other] = [make(), make()];
    one.recordStalled('patterns');
    expect(await plain(one)).toContain('dawsos_queue_stalled_total{queue="patterns"} 1');
    expect(await plain(other)).not.toContain('dawsos_queue_stalled_total{');
  });

  it('time what succeeds and what fails, and pass both on', async () => {
    const metrics = make();
    metrics.knowPatterns(['p']);
    await expect(metrics.timeRequest('p', () => Promise.resolve(7))).resolves.toBe(7);
    const fault = Object.assign(new Error('no'), { code: 'agent_failed' });
    await expect(metrics.timeRequest('p', () => Promise.reject(fault))).rejects.toBe(fault);
    await expect(metrics.timeAgent('a', 'c', () => Promise.reject(fault))).rejects.toBe(fault);
    await expect(metrics.timeStep('p', 0, 'c', () => Promise.reject(fault))).rejects.toBe(fault);
    const body = await plain(metrics);
    expect(body).toContain('dawsos_executor_requests_total{pattern_id="p",status="success"} 1');
    expect(body).toContain('dawsos_executor_requests_total{pattern_id="p",status="error"} 1');
    expect(body).toContain(
      'dawsos_executor_request_errors_total{pattern_id="p",error_type="agent_failed"} 1',
    );
    expect(body).toContain(
      'dawsos_executor_agent_invocations_total{agent_name="a",capability="c",status="error"} 1',
    );
    expect(body).toContain('dawsos_executor_agent_latency_seconds_count{agent_name="a",capability="c"} 1');
    expect(body).toContain(
      'dawsos_executor_pattern_step_duration_seconds_count{pattern_id="p",step_index="0",capability="c"} 1',
    );
  });

  it('encode states as numbers', async () => {
    const metrics = make();
    metrics.recordCircuitBreakerState('a', 'half_open');
    metrics.recordPackFreshness('PP_2025-10-22', 'stale');
    metrics.recordPackHealth('eod', 'fresh');
    const body = await plain(metrics);
    expect(body).toContain('dawsos_executor_circuit_breaker_state{agent_name="a"} 2');
    expect(body).toContain('dawsos_executor_pack_freshness{pack_id="PP_2025-10-22"} 3');
    expect(body).toContain('dawsos_pack_health{policy="eod"} 1');
  });

  it('begin at 0 where the first step of a counter must be seen', async () => {
    const metrics = make();
    metrics.knowPatterns(['p'], { requests: ['error'], executions: ['failed'] });
    metrics.recordCircuitBreakerState('a', 'closed');
    metrics.setWorkerConcurrency('patterns', 4);
    const body = await plain(metrics);
    for (const series of [
      'requests_total{pattern_id="p",status="error"}',
      'pattern_executions_total{pattern_id="p",status="failed"}',
      'circuit_breaker_failures_total{agent_name="a"}',
    ]) {
      expect(body).toContain(`dawsos_executor_${series} 0`);
    }
    expect(body).toContain('dawsos_queue_stalled_total{queue="patterns"} 0');
  });
});

describe('labels', () => {
  it('of patterns that were not announced are one series, however many are asked for', async () => {
    const metrics = make();
    metrics.knowPatterns(['p']);
    for (let index = 0; index < 10_000; index += 1)
      metrics.recordRequest(`made-up-${index}`, 'rejected', 0.01);
    const series = seriesOf(await plain(metrics), METRICS.requests.name);
    expect(series).toEqual(['dawsos_executor_requests_total{pattern_id="unknown",status="rejected"} 10000']);
  });

  it('of packs are those of the newest 50', async () => {
    const metrics = make();
    const day = (index: number) =>
      `PP_2025-${String(10 + Math.floor(index / 28))}-${String(1 + (index % 28)).padStart(2, '0')}`;
    for (let index = 0; index < 60; index += 1) metrics.recordPackFreshness(day(index), 'fresh');
    const series = seriesOf(await plain(metrics), METRICS.packFreshness.name);
    expect(series).toHaveLength(50);
    expect(series.join()).not.toContain(day(9));
    expect(series.join()).toContain(day(10));
  });

  it('of a metric that a lib adds are bounded label by label, and use up those of no other', async () => {
    const metrics = make();
    const calls = metrics.counter({
      name: 'own_calls_total',
      help: 'Calls.',
      labelNames: ['client', 'kind'],
    });
    for (let index = 0; index < 1_000; index += 1) calls.inc({ client: String(index), kind: 'a' });
    metrics.recordStalled('patterns');
    const body = await plain(metrics);
    expect(seriesOf(body, 'own_calls_total')).toHaveLength(201);
    expect(body).toContain('own_calls_total{client="other",kind="a"} 800');
    expect(body).toContain('dawsos_queue_stalled_total{queue="patterns"} 1');
  });

  it('never break a line: any value gives one printable, bounded label', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (value) => {
        const label = boundLabel(value);
        expect(label).toMatch(/^[\x20-\x7e]*$/);
        expect(label).not.toMatch(/["\\\n{}#]/);
        expect(label.length).toBeLessThanOrEqual(120);
        expect(boundLabel(label)).toBe(label);
      }),
    );
  });
});

describe('a scrape', () => {
  beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());

  it.each([
    [undefined, 'text/plain; version=0.0.4; charset=utf-8'],
    ['*/*', 'text/plain; version=0.0.4; charset=utf-8'],
    ['application/openmetrics-text;q=0, text/plain', 'text/plain; version=0.0.4; charset=utf-8'],
    [OPEN_METRICS, 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
  ])('that accepts %s is answered in %s', async (accept, contentType) => {
    expect((await make().expose(accept)).contentType).toBe(contentType);
  });

  it('in OpenMetrics links a bucket to the sampled trace that fell into it; in text there are no exemplars', async () => {
    const metrics = make();
    await inTrace(true, () => metrics.timeAgent('a', 'c', () => Promise.resolve()));
    const open = (await metrics.expose(OPEN_METRICS)).body;
    expect(open).toMatch(
      new RegExp(
        `^dawsos_executor_agent_latency_seconds_bucket\\{.*\\} 1 # \\{trace_id="${TRACE_ID}",span_id="b7ad6b7169203331"\\} `,
        'm',
      ),
    );
    expect(open.endsWith('# EOF\n')).toBe(true);
    const text = await plain(metrics);
    expect(text).not.toMatch(/trace_id|# EOF/);
    expect(text).toContain('dawsos_executor_agent_latency_seconds_count{agent_name="a",capability="c"} 1\n');
  });

  it('names no trace that was not sampled: nobody could open it', async () => {
    const metrics = make();
    await inTrace(false, () => metrics.timeAgent('a', 'c', () => Promise.resolve()));
    expect((await metrics.expose(OPEN_METRICS)).body).not.toContain(TRACE_ID);
  });

  it('collects once for scrapes that come at once, and does not fail with a collector', async () => {
    const metrics = make();
    let collected = 0;
    metrics.onScrape(async () => {
      collected += 1;
      await Promise.resolve();
      metrics.setQueueJobs('patterns', 'waiting', 3);
    });
    metrics.onScrape(() => Promise.reject(new Error('the queue is away')));
    const [one] = await Promise.all([plain(metrics), plain(metrics)]);
    expect(collected).toBe(1);
    expect(one).toContain('dawsos_queue_jobs{queue="patterns",state="waiting"} 3');
    await plain(metrics);
    expect(collected).toBe(2);
  });
});
