import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setupObservability, traceContext, type Observability } from '@dawsos/observability';
import { interleave, type Section } from './figures.ts';
import { startTelemetrySink } from './start-telemetry-sink.ts';

const SPAN = 'a recorded span';
const AGENT = 'timeAgent';
const PII = 'the PII filter over a 10 KB event';
const LOG = 'a log line with five fields';
const CAPTURE = 'capturing an error';
const BATCH_OF_SPANS = 4_000;
/** Until the exporter has sent what waits: each sample pays for its own spans only. */
const SENT_AFTER_MS = 1_500;

export interface Repetitions {
  readonly rounds: number;
  /** How often each operation is made in each round. */
  readonly times: number;
}

/** Microseconds of one of each, in the thread that does it. */
export async function telemetryCost({ rounds, times }: Repetitions): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-bench-telemetry-'));
  const sink = await startTelemetrySink(folder);
  const observability = setupObservability({
    serviceName: 'bench',
    otlpEndpoint: sink.url,
    sentry: { dsn: `http://key@127.0.0.1:${String(sink.port)}/1` },
    processMetrics: false,
    instrument: false,
    logDestination: { write: () => undefined },
  });
  try {
    const series = await interleave(rounds, operations(observability, times));
    return {
      title: 'What telemetry costs where it is called',
      about:
        'Traces are exported to a local receiver in another process, and so are errors; log lines go to nowhere. Each ' +
        'sample is the mean processor time of the thread over many in a row (so that others on the machine do not count); the span is a step of a run, with the run’s six attributes and its own ' +
        'two, filtered, and includes the promise that `traceContext` gives. The export happens later, in the same ' +
        'thread, and is not in the figure.',
      unit: 'µs',
      series,
      goals: [
        { of: SPAN, below: 10 },
        { of: AGENT, below: 2 },
        { of: PII, below: 100 },
        { of: CAPTURE, below: 1_000 },
      ],
      limit:
        'A span with eight attributes is mostly the SDK (ids, clock, attribute limits) and the context that goes with the ' +
        'promise; the filter looks at each text once and remembers those it has seen.',
    };
  } finally {
    await observability.shutdown(2_000);
    await sink.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function operations(
  observability: Observability,
  times: number,
): Readonly<Record<string, () => Promise<number>>> {
  const { metrics, pii, logger } = observability;
  const run = {
    pattern_id: 'portfolio_overview',
    pricing_pack_id: 'PP_2025-10-22',
    ledger_commit_hash: '3f2c91a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6',
    request_id: '0198c6a4-5d1e-7c3a-9d52-3b0f0f7f1a01',
    run_id: '0198c6a4-5d1e-7c3a-9d52-3b0f0f7f1a02',
    user_id: pii.pseudonym('alice'),
  };
  const event = eventOf(10_000);
  const inRun = (work: () => Promise<number>) => traceContext('execute_pattern', run, work);
  return {
    async [SPAN]() {
      const spans = Math.min(times, BATCH_OF_SPANS);
      const micros = await inRun(() =>
        meanMicros(spans, () =>
          traceContext('step_0', { step_index: 0, capability: 'ledger.positions' }, () => undefined),
        ),
      );
      await delay(SENT_AFTER_MS);
      return micros;
    },
    [AGENT]: () =>
      inRun(() =>
        meanMicros(times, () => metrics.timeAgent('analyst', 'ledger.positions', () => Promise.resolve())),
      ),
    [PII]: () => meanMicros(times / 10, () => void pii.fields(event)),
    [LOG]: () =>
      inRun(() =>
        meanMicros(times, () =>
          logger.info(
            'run finished',
            pii.fields({
              run_id: run.run_id,
              attempt: 1,
              pattern_id: run.pattern_id,
              ms: 12.5,
              cached: false,
            }),
          ),
        ),
      ),
    async [CAPTURE]() {
      const micros = await inRun(() =>
        meanMicros(times / 40, (index) =>
          observability.captureException(new Error(`agent failed ${String(index)}`)),
        ),
      );
      await delay(SENT_AFTER_MS);
      return micros;
    },
  };
}

async function meanMicros(times: number, work: (index: number) => unknown): Promise<number> {
  const started = process.threadCpuUsage();
  for (let index = 0; index < times; index += 1) await work(index);
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / times;
}

/** An error event as an error tracker has it: nested, with ids, amounts, addresses and texts; about `bytes` as JSON. */
function eventOf(bytes: number): object {
  const frames: object[] = [];
  const event = {
    event_id: 'f3c9b1c2d3e4f5a6b7c8d9e0f1a2b3c4',
    message: 'portfolio growth-7 of user alice failed: balance 12,345.67 USD',
    request: { url: 'https://api.example.com/v1/execute?portfolio_id=growth-7', headers: { cookie: 'a=b' } },
    user: { user_id: 'alice', email: 'alice@example.com' },
    frames,
  };
  while (JSON.stringify(event).length < bytes) {
    frames.push({
      filename: '/app/dist/agents/runtime.js',
      function: 'StepRunner.compute',
      lineno: 100 + frames.length,
      context_line: 'const result = await runner.run(route, invocation, world);',
      vars: {
        portfolio_id: 'growth-7',
        amount: '1024.50',
        attempt: frames.length,
        note: 'as agreed on Monday',
      },
    });
  }
  return event;
}
