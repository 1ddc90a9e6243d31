import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './child.ts';
import { finishTimes, submit, workerPerSecond } from './durable-runs.ts';
import type { Section, Series } from './figures.ts';
import { startTelemetrySink } from './start-telemetry-sink.ts';
import { OVERVIEW, withSystem, type Environment, type System } from './system.ts';

const ON = 'on';
const OFF = 'off';
const SCRAPE_MS = 1_000;

export interface OnOffSize {
  readonly rounds: number;
  /** How many runs the burst that saturates the worker has, in each sample. */
  readonly executions: number;
  /** How many runs the steady load has, in each sample. */
  readonly seconds: number;
}

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Throughput and latency of API and worker with all telemetry on, against all of it off. */
export function observabilityOnOff(size: OnOffSize): Promise<readonly Section[]> {
  return withSystem(async (system) => {
    await system.stopApi();
    const sink = await startTelemetrySink(system.folder);
    system.onStop(() => sink.stop());
    const on = {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      SENTRY_DSN: `http://key@127.0.0.1:${String(sink.port)}/1`,
    };
    // The first pair warms up, and says how much a worker can do: half of it is offered to all that follow.
    const first = await measure(system, { LOG_LEVEL: 'silent' }, { ...size, seconds: 1, offered: 2 });
    const offered = first.perSecond / 2;
    const samples = { [ON]: [] as Measured[], [OFF]: [] as Measured[] };
    for (let round = 0; round < size.rounds; round += 1) {
      samples[ON].push(await measure(system, on, { ...size, offered }));
      samples[OFF].push(await measure(system, { LOG_LEVEL: 'silent' }, { ...size, offered }));
    }
    if ((await sink.spans()) === 0) throw new Error('no span reached the receiver');
    return [throughput(size, samples), latency(size, samples, offered)];
  });
}

type Samples = Readonly<Record<typeof ON | typeof OFF, readonly Measured[]>>;

function throughput({ executions }: OnOffSize, samples: Samples): Section {
  const of = seriesOf(samples, 'perSecond', 'executions');
  return {
    title: 'Observability on and off: throughput',
    about:
      `\`${OVERVIEW.pattern_id}\`, ${executions} at once for one worker with four in flight, without the step cache; API ` +
      'and worker are new processes for each sample, in turns. On: every trace goes to a local OTLP receiver, errors ' +
      '(none happened) to a local Sentry endpoint, /metrics of both is scraped each second, logs at `info` go to a ' +
      'file. Off: none of these, and no logs. What has no switch is in both: metrics are counted, and the spans of a ' +
      'run are kept with it.',
    unit: 'a second',
    series: of.series,
    ratio: { of: of.on, to: of.off, goal: '0.95: within 5 %', atLeast: 0.95 },
    limit: '',
  };
}

function latency({ seconds }: OnOffSize, samples: Samples, offered: number): Section {
  const [p50, p95, p99] = [
    seriesOf(samples, 'p50', 'p50'),
    seriesOf(samples, 'p95', 'p95'),
    seriesOf(samples, 'p99', 'p99'),
  ];
  return {
    title: 'Observability on and off: latency',
    about:
      `The same processes at a steady ${offered.toFixed(1)} executions a second (half of what one worker does) for ` +
      `${seconds} s: from the start of the request to the commit of the result.`,
    unit: 'ms',
    series: [p50, p95, p99].flatMap(({ series }) => series),
    ratio: { of: p95.on, to: p95.off, goal: 'below 1.01: within 1 %', below: 1.01 },
    limit: '',
  };
}

function seriesOf(
  samples: Samples,
  figure: keyof Measured,
  label: string,
): { readonly on: string; readonly off: string; readonly series: readonly Series[] } {
  const [on, off] = [`${label}, ${ON}`, `${label}, ${OFF}`];
  const of = (name: string, all: readonly Measured[]): Series => ({
    name,
    samples: all.map((measured) => measured[figure]),
  });
  return { on, off, series: [of(on, samples[ON]), of(off, samples[OFF])] };
}

interface Load {
  readonly executions: number;
  readonly seconds: number;
  /** Executions a second. */
  readonly offered: number;
}

/** A new API and a new worker, warmed up, saturated, then at the steady load. */
async function measure(system: System, telemetry: Environment, load: Load): Promise<Measured> {
  const [port, apiOperations, workerOperations] = [await freePort(), await freePort(), await freePort()];
  const api = await system.startApi({
    ...telemetry,
    PORT: String(port),
    OPERATIONS_PORT: String(apiOperations),
  });
  const worker = await system.startWorker({
    ...telemetry,
    WORKER_CONCURRENCY: '4',
    STEP_CACHE: 'off',
    OPERATIONS_PORT: String(workerOperations),
  });
  const isOn = telemetry['OTEL_EXPORTER_OTLP_ENDPOINT'] !== undefined;
  const stopScraping = isOn ? scrape([apiOperations, workerOperations]) : () => undefined;
  try {
    await workerPerSecond(system, { port, worker, count: load.executions });
    const perSecond = await workerPerSecond(system, { port, worker, count: load.executions });
    return { perSecond, ...(await latencies(system, port, load)) };
  } finally {
    stopScraping();
    await worker.stop();
    await api.stop();
  }
}

/** As Prometheus does it: each second, whole. A scrape that the end cuts off is of no interest. */
function scrape(ports: readonly number[]): () => void {
  const timer = setInterval(() => {
    for (const port of ports)
      void fetch(`http://127.0.0.1:${port}/metrics`)
        .then((answer) => answer.text())
        .catch(() => undefined);
  }, SCRAPE_MS);
  return () => clearInterval(timer);
}

/** Requests leave at their times, whether or not those before were answered. */
async function latencies(
  system: System,
  port: number,
  { seconds, offered }: Load,
): Promise<Omit<Measured, 'perSecond'>> {
  const started = performance.now();
  const runs = Array.from({ length: Math.max(1, Math.round(seconds * offered)) }, async (_, index) => {
    await delay(Math.max(0, (index / offered) * 1000 - (performance.now() - started)));
    const sentAt = Date.now();
    return { sentAt, id: await submit(port) };
  });
  const sent = await Promise.all(runs);
  const finished = await finishTimes(
    system,
    sent.map(({ id }) => id),
  );
  const sorted = sent
    .map(({ id, sentAt }) => (finished.get(id) ?? Number.NaN) - sentAt)
    .sort((a, b) => a - b);
  // The nearest rank.
  const percentile = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) };
}
