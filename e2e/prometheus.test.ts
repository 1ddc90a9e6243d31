import { setTimeout as delay } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, type MetricDefinition } from '@dawsos/observability';
import { hasProgram, startPrometheus, type TestPrometheus } from '@dawsos/testing';
import { parse, stringify } from 'yaml';
import { blockTable } from './rig/blocked-table';
import { dashboardExpressions } from './rig/dashboards';
import { ROOT, type ServiceProcess } from './rig/service-process';
import { readText } from './rig/repository-text';
import { startStack, type Stack } from './rig/stack';

const FOLDER = 'observability/prometheus';
const OVERVIEW = { pattern_id: 'portfolio_overview', portfolio_id: 'growth', ledger_ref: 'main' };
/** Nobody holds it, so there is nothing to look deeper into. */
const FAILING = { pattern_id: 'holding_deep_dive', portfolio_id: 'growth', inputs: { commodity: 'MYSTERY' } };
const ended = (status: string, { pattern_id }: { pattern_id: string } = OVERVIEW) =>
  `sum(dawsos_executor_pattern_executions_total{pattern_id="${pattern_id}",status="${status}"})`;
/** Each worker has called agents in two scrapes at least. */
const EACH_WORKER_TWICE =
  'count(sum by (instance) (increase(dawsos_executor_agent_invocations_total[5m])) > 0) == 2';
const metrics = Object.values<MetricDefinition>(METRICS);
const seriesOf = ({ name, type }: MetricDefinition) => (type === 'histogram' ? `${name}_bucket` : name);

(hasProgram('prometheus') ? describe : describe.skip)(
  'two workers, an API and a pack builder under a real Prometheus',
  () => {
    let stack: Stack;
    let prometheus: TestPrometheus;
    let services: readonly (readonly [string, ServiceProcess])[];
    let loads = 0;

    beforeAll(async () => {
      stack = await startStack({
        engine: 'redis',
        workers: 2,
        // Each second, so that jobs of the queue `packs` are seen as well.
        environment: { PACK_SCHEDULE: '* * * * * *' },
      });
      services = [
        ['executor-api', stack.apiProcess],
        ...stack.workers.map((worker) => ['pattern-worker', worker] as const),
        ['pack-builder', stack.packBuilder],
      ];
      prometheus = await startPrometheus({ configuration: configurationFor(services) });
      await prometheus.until('count(up == 1) == 4');
      // Again and again, with scrapes between: a rate needs to see the counters of a worker before they grow.
      for (; loads < 2 || (await prometheus.query(EACH_WORKER_TWICE)).length === 0; loads += 1) {
        await mixedLoad(stack);
        await prometheus.until(
          // beside those of the loads the run that fails over the canary, at the start of every stack
          `${ended('failed', FAILING)} == ${loads + 2} and ${ended('cancelled')} == ${loads + 1}`,
        );
      }
    });
    afterAll(async () => {
      await prometheus?.stop();
      await stack?.stop();
    });

    it.each(metrics.map((metric) => [metric.name, metric] as const))(
      'has %s, from those who should set it',
      async (_name, metric) => {
        const found = await prometheus.until(`count by (service) (${seriesOf(metric)})`);
        expect(found.map(({ metric: { service } }) => service).sort()).toEqual([...metric.exporters].sort());
      },
    );

    it('has something to show in every panel of every dashboard', async () => {
      const expressions = dashboardExpressions();
      expect(expressions.length).toBeGreaterThan(50);
      const answers = await Promise.all(
        expressions.map(async ({ dashboard, panel, expression }) => {
          const found = await prometheus.until(expression, 15_000).catch(() => []);
          return found.length === 0 ? `${dashboard}, "${panel}": ${expression}` : undefined;
        }),
      );
      expect(answers.filter((empty) => empty !== undefined)).toEqual([]);
    });

    it('evaluates every rule', async () => {
      const answer = await fetch(`${prometheus.url}/api/v1/rules`);
      const { data } = (await answer.json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
      };
      const rules = data.groups.flatMap((group) => group.rules);
      expect(rules.length).toBeGreaterThan(50);
      expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    });

    it('counts what happened, once', async () => {
      const value = async (expression: string) => Number((await prometheus.until(expression))[0]?.value[1]);
      expect([await value(ended('succeeded')), await value(ended('cancelled'))]).toEqual([4 * loads, loads]);
      // beside those of the loads the runs that plant the canary, at the start of every stack
      expect(await value(ended('failed', FAILING))).toBe(loads + 1);
      expect(await value('sum(dawsos_executor_requests_total{pattern_id="unknown",status="rejected"})')).toBe(
        loads + 1,
      );
      expect(await value('max(dawsos_pack_health)')).toBe(1);
      expect(await value('max(dawsos_queue_jobs{queue="patterns",state="waiting"})')).toBe(0);
    });

    it('leads from a latency bucket to the trace of a run in it', async () => {
      const run = await stack.api.succeeded(OVERVIEW);
      const traces = await stack.database.database.pool.query<{ trace_id: string }>(
        'select trace_id from run',
      );
      const known = new Set(traces.rows.map((row) => row.trace_id));
      expect(known).toContain(run.trace_id);
      const exemplars = await prometheus.exemplars('dawsos_executor_agent_latency_seconds_bucket');
      expect(exemplars.length).toBeGreaterThan(0);
      expect(exemplars.filter(({ labels }) => !known.has(labels['trace_id'] ?? ''))).toEqual([]);
    });

    it('finds nothing to object to in the metrics of any process, in both formats', async () => {
      for (const [name, { operationsUrl }] of services) {
        const plain = await fetch(`${operationsUrl}/metrics`);
        expect(plain.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
        const check = spawnSync('promtool', ['check', 'metrics'], {
          input: await plain.text(),
          encoding: 'utf8',
        });
        expect([name, check.status, check.stdout + check.stderr]).toEqual([name, 0, '']);
        const open = await fetch(`${operationsUrl}/metrics`, {
          headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' },
        });
        expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
        expect(await open.text()).toMatch(/# EOF\n$/);
      }
    });
  },
);

/** Successes, a run that fails, a request that is refused, a run that is cancelled in the midst of its work. */
async function mixedLoad({ api, database }: Stack): Promise<void> {
  const waited = async (body: object): Promise<number> => {
    const answer = await api.execute(body, { prefer: 'wait=30' });
    await answer.text();
    return answer.status;
  };
  const income = { ...OVERVIEW, portfolio_id: 'income' };
  const [failed, ...answered] = await Promise.all([
    api.accept(FAILING).then((runId) => api.finished(runId)),
    waited(OVERVIEW),
    waited(income),
    api.succeeded(OVERVIEW),
    api.succeeded(income),
  ]);
  expect([failed.status, answered.slice(0, 2)]).toEqual(['failed', [200, 200]]);
  const refused = await api.execute({ pattern_id: 'nothing_such' });
  expect(refused.status).toBe(404);
  await refused.text();
  const blocked = await blockTable(database.url, 'step_trace');
  try {
    const runId = await api.accept({ ...OVERVIEW, inputs: { lookback_days: 400 } });
    // only what a worker holds is counted by it, and others may wait for the table too
    while ((await api.run(runId)).status !== 'running') await delay(20);
    await blocked.untilSomebodyWaits();
    const answer = await api.request(`/v1/runs/${runId}/cancel`, { method: 'POST' });
    expect(answer.status).toBe(200);
  } finally {
    await blocked.release();
  }
}

/** The configuration for processes at fixed addresses, with these addresses, and quicker. */
function configurationFor(services: readonly (readonly [string, ServiceProcess])[]): string {
  const rules = readdirSync(join(ROOT, FOLDER)).filter((file) => file.endsWith('.rules.yml'));
  const configuration = parse(readText(`${FOLDER}/prometheus-static.yml`)) as {
    global: object;
    scrape_configs: object[];
  };
  return stringify({
    ...configuration,
    global: {
      ...configuration.global,
      scrape_interval: '1s',
      scrape_timeout: '1s',
      evaluation_interval: '1s',
    },
    rule_files: rules.map((file) => join(ROOT, FOLDER, file)),
    scrape_configs: configuration.scrape_configs.map((job) => ({
      ...job,
      static_configs: services.map(([service, { operationsUrl }]) => ({
        labels: { service },
        targets: [new URL(operationsUrl).host],
      })),
    })),
  });
}
