import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  startOtlpReceiver,
  startSentryReceiver,
  type OtlpReceiver,
  type SentryReceiver,
} from '@dawsos/testing';
import { startStack, type Stack } from './rig/stack';

const RUNS = 10;
const ONE_MINUTE_MS = 60_000;
/** Far above what ten runs take, far below what their telemetry would come to if it were kept for long. */
const MOST_GROWTH_BYTES = 150 * 2 ** 20;

const LOTS = { pattern_id: 'lots', portfolio_id: 'growth', inputs: { date: '2025-10-22' } };
/** Fails by no fault of its client's, so that there is an error to tell of. */
const OF_BROKEN_SERIES = { pattern_id: 'indicator', inputs: { series: 'BROKEN' } };

let otlp: OtlpReceiver;
let sentry: SentryReceiver;
let stack: Stack;
let sources: string;
const ports = { otlp: 0, sentry: 0 };

beforeAll(async () => {
  [otlp, sentry] = await Promise.all([startOtlpReceiver(), startSentryReceiver()]);
  Object.assign(ports, { otlp: otlp.port, sentry: sentry.port });
  sources = await mkdtemp(join(tmpdir(), 'dawsos-sources-'));
  const folder = join(sources, 'macro', 'broken');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'BROKEN.json'), 'not JSON');
  stack = await startStack({
    engine: 'redis',
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      SENTRY_DSN: sentry.dsn,
      SOURCES_DIR: sources,
    },
  });
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([otlp.close(), sentry.close(), rm(sources, { recursive: true })]);
});

const goAway = () => Promise.all([otlp.close(), sentry.close()]);
async function comeBack(): Promise<void> {
  [otlp, sentry] = await Promise.all([
    startOtlpReceiver({ port: ports.otlp }),
    startSentryReceiver({ port: ports.sentry }),
  ]);
}

/** How ten runs end, and one that is to fail; `midRun` happens once all are accepted. */
async function outcomes(midRun: () => Promise<unknown> = () => Promise.resolve()): Promise<string[]> {
  const bodies = [...Array.from({ length: RUNS }, () => LOTS), OF_BROKEN_SERIES];
  const ids = await Promise.all(bodies.map((body) => stack.api.accept(body)));
  await midRun();
  return (await stack.api.allFinished(ids)).map(({ status }) => status);
}

const AS_EVER = [...Array.from({ length: RUNS }, () => 'succeeded'), 'failed'];

async function residentBytes(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)$/m.exec(metrics)?.[1]);
}

/** Times of a process's complaints that its telemetry is not delivered. */
const complaints = (log: string): number[] =>
  log
    .split('\n')
    .filter((line) => line.includes('"telemetry is not delivered"'))
    .map((line) => Date.parse((JSON.parse(line) as { time: string }).time));

describe('executions while the collector and Sentry', () => {
  const services = () => [stack.apiProcess, ...stack.workers];
  let before: readonly number[];
  beforeAll(async () => {
    before = await Promise.all(services().map(({ operationsUrl }) => residentBytes(operationsUrl)));
  });

  it.each(['hang', 'fail'] as const)('%s, end as ever', async (behaviour) => {
    otlp.behave(behaviour);
    sentry.behave(behaviour);
    const asked = [otlp.requests(), sentry.requests()];
    expect(await outcomes()).toEqual(AS_EVER);
    await otlp.until(() => otlp.requests() > (asked[0] ?? 0));
    await sentry.until(() => sentry.requests() > (asked[1] ?? 0));
  });

  it('die in the middle of a run, and while nobody listens, end as ever', async () => {
    expect(await outcomes(goAway)).toEqual(AS_EVER);
    expect(await outcomes()).toEqual(AS_EVER);
  });

  it('keep the memory of each process bounded, and each process complains once a minute at most', async () => {
    for (const [index, { operationsUrl, log, app }] of services().entries()) {
      const grown = (await residentBytes(operationsUrl)) - (before[index] ?? Number.NaN);
      expect([app, grown < MOST_GROWTH_BYTES]).toEqual([app, true]);
      while (complaints(log()).length === 0) await delay(100); // given up after seconds
      const at = complaints(log());
      const gaps = at.slice(1).map((time, earlier) => time - (at[earlier] ?? 0));
      expect(gaps.filter((gap) => gap < ONE_MINUTE_MS)).toEqual([]);
    }
  });

  it('come back, deliver the errors and the spans of what comes next', async () => {
    await comeBack();
    expect(await outcomes()).toEqual(AS_EVER);
    await otlp.until((spans) => spans.some(({ name }) => name === 'process patterns'));
    await sentry.until((events) => events.length > 0);
  });
});
