import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { interleave, type Section } from './figures.ts';
import { startTelemetrySink, type TelemetrySink } from './start-telemetry-sink.ts';
import { startRedis } from './system.ts';

const run = promisify(execFile);

const PLAIN = 'BullMQ without instrumentation';
const OURS = '@dawsos/queue, traces exported';
const BULLMQ_OTEL = 'BullMQ with bullmq-otel, traces exported';

export interface QueueLoad {
  readonly rounds: number;
  /** How many jobs each variant takes in each round; a quarter as many warm it up. */
  readonly jobs: number;
}

/** Jobs a second through queue and worker, against BullMQ bare and BullMQ with bullmq-otel. */
export async function queuePath({ rounds, jobs }: QueueLoad): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-bench-queue-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const redisUrl = await startRedis(folder, stops);
    const sink = await startTelemetrySink(folder);
    stops.push(() => sink.stop());
    const arrived = new Map<string, number>();
    const measure = (name: string, variant: string) => async (): Promise<number> => {
      const before = await sink.spans();
      const perSecond = await jobsPerSecond({ variant, jobs, redisUrl, sink });
      arrived.set(name, (arrived.get(name) ?? 0) + (await sink.spans()) - before);
      return perSecond;
    };
    const series = await interleave(rounds, {
      [PLAIN]: measure(PLAIN, 'plain'),
      [OURS]: measure(OURS, 'ours'),
      [BULLMQ_OTEL]: measure(BULLMQ_OTEL, 'bullmq-otel'),
    });
    const worked = (rounds + 1) * (jobs + Math.ceil(jobs / 4));
    const spansPerJob = (name: string): string => ((arrived.get(name) ?? 0) / worked).toFixed(2);
    return {
      title: 'The queue path',
      about:
        `${jobs.toLocaleString('en')} empty jobs each time through a queue and a worker in one process, a new one for ` +
        'each sample, warmed up; 16 producers, each awaiting its add, and 16 jobs in flight; from the first add to the ' +
        'last job. All use the same Redis (append-only), options and job ids. Ours is set up as in the services: a span ' +
        'published and a span processed for each job, filter, metrics, the instrumentation of Redis. The peer has ' +
        'bullmq-otel on queue and worker and the same exporter, without filter and without instrumentation of Redis. ' +
        `Both export to a local receiver, which got ${spansPerJob(OURS)} spans a job from ours and ` +
        `${spansPerJob(BULLMQ_OTEL)} from the peer (a span that finds 8,192 waiting is dropped by either; a last part of the export may come after the last job and is not in the time).`,
      unit: 'a second',
      series,
      ratio: {
        of: OURS,
        to: PLAIN,
        goal: '0.80 of plain or more, where bullmq-otel keeps 0.46',
        atLeast: 0.8,
      },
      moreRatios: [{ of: BULLMQ_OTEL, to: PLAIN, goal: 'none; the peer, 0.46 elsewhere' }],
      limit:
        'Profiled on 2026-11-25: the two spans of a job cost about 100 µs of the one thread, in which queue, worker and ' +
        'export all run: serializing the export, the filter and the SDK about 10 % each, and the garbage of all three. ' +
        'A service whose jobs do anything at all sees that sum once a job.',
    };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

interface Sample {
  readonly variant: string;
  readonly jobs: number;
  readonly redisUrl: string;
  readonly sink: TelemetrySink;
}

async function jobsPerSecond({ variant, jobs, redisUrl, sink }: Sample): Promise<number> {
  const script = join(import.meta.dirname, 'queue-once.ts');
  const { stdout } = await run(process.execPath, [script, variant, String(jobs)], {
    env: { PATH: process.env['PATH'], REDIS_URL: redisUrl, OTLP_URL: sink.url },
  });
  const perSecond = Number(stdout);
  if (!(perSecond > 0)) throw new Error(`${variant} printed no figure: ${stdout.slice(0, 500)}`);
  return perSecond;
}
