import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  findLeaks,
  PLANTED_SECRETS,
  startOtlpReceiver,
  startPostgres,
  startRedis,
  startSentryReceiver,
  type OtlpReceiver,
  type PlantedSecret,
  type SentryReceiver,
  type TestPostgres,
  type TestRedis,
} from '@dawsos/testing';

/** One for each way by which the packages' defaults send data away. Their shapes say nothing, so that only closing the way helps. */
const TOKENS = {
  httpPath: 'zebrahttppath',
  httpQuery: 'zebrahttpquery',
  httpAgent: 'zebrahttpagent',
  redisArgument: 'zebraredisargument',
  pgLiteral: 'zebrapgliteral',
  pgStatus: 'zebrapgstatus',
  jobData: 'zebrajobdata',
  jobResult: 'zebrajobresult',
  jobFailure: 'zebrajobfailure',
  requestQuery: 'zebrarequestquery',
  requestHeader: 'zebrarequestheader',
  requestBody: 'zebrarequestbody',
  sentryConsole: 'zebrasentryconsole',
  sentryMessage: 'zebra.sentry.message@h.test',
  sentryCause: 'zebra.sentry.cause@h.test',
  sentryQuoted: 'zebrasentryquoted',
} as const;
type Token = keyof typeof TOKENS;

/** Sentry's transport holds 64 reports and drops what comes on top. */
const AT_ONCE = 40;

/** The jobs that fail at the same time on one worker. */
const RUN_IDS = Array.from(
  { length: 40 },
  (_, index) => `0190a5c4-0000-7000-8000-0000000000${index.toString(16).padStart(2, '0')}`,
);

interface Sent {
  readonly otlp: Buffer;
  readonly sentry: Buffer;
  readonly redis: Buffer;
  /** Log lines, and the spans as the trace store gets them. */
  readonly output: string;
  readonly outgoing: readonly IncomingHttpHeaders[];
  readonly spans: ReturnType<OtlpReceiver['spans']>;
  readonly events: ReturnType<SentryReceiver['events']>;
}

let postgres: TestPostgres;
let echo: Server;
let outgoing: IncomingHttpHeaders[];
beforeAll(async () => {
  postgres = await startPostgres();
  echo = createServer((request, response) => {
    outgoing.push(request.headers);
    response.end('{}');
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
});
afterAll(async () => {
  echo.close();
  await postgres.stop();
});

/** Runs the service in a process of its own and resolves with every byte that left it. */
async function run(mode: 'ours' | 'defaults'): Promise<Sent> {
  outgoing = [];
  const [redis, otlp, sentry]: [TestRedis, OtlpReceiver, SentryReceiver] = await Promise.all([
    startRedis(),
    startOtlpReceiver(),
    startSentryReceiver(),
  ]);
  const settings = {
    mode,
    otlp: otlp.url,
    dsn: sentry.dsn,
    redisUrl: redis.url,
    databaseUrl: postgres.url,
    echoUrl: `http://127.0.0.1:${String((echo.address() as AddressInfo).port)}`,
    tokens: TOKENS,
    secrets: PLANTED_SECRETS,
  };
  const child = fork(join(__dirname, 'leaking-service.cjs'), {
    env: { PATH: process.env['PATH'], SETTINGS: JSON.stringify(settings) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  child.stderr?.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'exit');
  try {
    const started = await Promise.race([once(child, 'message'), exited.then(() => undefined)]);
    if (started === undefined) throw new Error(`the service ended at start:\n${output}`);
    const { port } = started[0] as { port: number };
    const post = async (secrets: readonly PlantedSecret[]): Promise<void> => {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/v1/execute?q=${TOKENS.requestQuery}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-note': TOKENS.requestHeader,
          baggage: `user=${TOKENS.requestHeader}`,
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        },
        body: JSON.stringify({ note: TOKENS.requestBody, secrets }),
      });
      if (answer.status !== 200) throw new Error(`${String(answer.status)}:\n${output.slice(-3000)}`);
    };
    for (let from = 0; from < PLANTED_SECRETS.length; from += AT_ONCE) {
      await post(PLANTED_SECRETS.slice(from, from + AT_ONCE));
      const expected = mode === 'ours' ? Math.min(PLANTED_SECRETS.length, from + AT_ONCE) : 1;
      await sentry.until((events) => events.length >= expected);
      if (mode === 'defaults') break;
    }
    if (mode === 'ours') {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/v1/many`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ runIds: RUN_IDS }),
      });
      if (answer.status !== 200) throw new Error(output.slice(-3000));
    }
    child.send('stop');
    await exited;
    const written = await redis.written();
    return {
      otlp: otlp.bytes(),
      sentry: sentry.bytes(),
      redis: written,
      output,
      outgoing,
      events: sentry.events(),
      spans: otlp.spans(),
    };
  } finally {
    child.kill('SIGKILL');
    await Promise.all([redis.stop(), otlp.close(), sentry.close()]);
  }
}

describe('what leaves a failing execution', () => {
  let defaults: Sent;
  let ours: Sent;
  beforeAll(async () => {
    defaults = await run('defaults');
    ours = await run('ours');
  });

  const WAYS: readonly (readonly [Token, 'otlp' | 'sentry' | 'redis', string])[] = [
    ['httpPath', 'otlp', 'the path of a call to another service'],
    ['httpQuery', 'otlp', 'its query'],
    ['httpAgent', 'otlp', 'its user agent'],
    ['requestQuery', 'otlp', 'the query of a request'],
    ['redisArgument', 'otlp', 'arguments of a Redis script'],
    ['pgLiteral', 'otlp', 'literals of a statement'],
    ['pgStatus', 'otlp', 'the value that PostgreSQL refused'],
    ['jobData', 'redis', 'the data of a job'],
    ['jobResult', 'otlp', 'the result of a job'],
    ['jobResult', 'redis', 'the result of a job'],
    ['jobFailure', 'otlp', 'why a job failed'],
    ['jobFailure', 'redis', 'why a job failed'],
    ['sentryMessage', 'sentry', 'the message of an error'],
    ['sentryCause', 'sentry', 'the message of its cause'],
    ['sentryQuoted', 'sentry', 'what its message quotes'],
    ['sentryConsole', 'sentry', 'what was printed'],
    ['requestQuery', 'sentry', 'the query of a request'],
    ['requestHeader', 'sentry', 'headers of a request'],
    ['requestBody', 'sentry', 'the body of a request'],
  ];

  it.each(WAYS)('%s: with the packages’ defaults it is in %s (%s), with ours it is not', (token, sink) => {
    expect(findLeaks(defaults[sink], [TOKENS[token]])).not.toEqual([]);
    expect(findLeaks(ours[sink], [TOKENS[token]])).toEqual([]);
  });

  it.each(['otlp', 'sentry', 'redis', 'output'] as const)('none of all that was planted is in %s', (sink) => {
    const bytes = sink === 'output' ? ours.output.replaceAll(TOKENS.sentryConsole, '') : ours[sink];
    expect(bytes.length).toBeGreaterThan(100);
    const values = [...Object.values(TOKENS), ...PLANTED_SECRETS.map(({ value }) => value)];
    expect(findLeaks(bytes, values)).toEqual([]);
  });

  it('holds the log lines, the spans and the errors all the same', () => {
    expect(ours.output).toMatch(/planted in a child/);
    expect(ours.output).toMatch(/trace store: \[\{/);
    expect(ours.events.length).toBeGreaterThan(PLANTED_SECRETS.length);
    expect(ours.otlp.toString('latin1')).toContain('execute_pattern');
  });

  it('carries the trace on to other services, and no baggage', () => {
    expect(ours.outgoing[0]).toMatchObject({
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-/) as unknown,
    });
    expect(Object.keys(ours.outgoing[0] ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/baggage|sentry/)]),
    );
    expect(defaults.outgoing[0]).toHaveProperty('baggage');
  });

  describe('of many jobs at once on one worker', () => {
    const reportOf = (runId: string) =>
      ours.events.filter(({ contexts }) => (contexts as ReportContexts).details?.['run_id'] === runId);

    it('each failure is reported once, with its attempts, grouped by its code', () => {
      for (const runId of RUN_IDS) {
        const [report, ...more] = reportOf(runId);
        expect(more).toEqual([]);
        const turns = 1 + (parseInt(runId.slice(-2), 16) % 9);
        const code = turns % 2 === 0 ? 'agent_failed' : 'price_missing';
        expect(report).toMatchObject({
          fingerprint: [code],
          tags: { error_code: code },
          contexts: { details: { attempts: turns } },
        });
      }
    });

    it('each report has the context, the breadcrumbs and the trace of its own job alone', () => {
      const traces = RUN_IDS.map((runId) => {
        const [report] = reportOf(runId);
        const contexts = report?.['contexts'] as ReportContexts;
        expect(contexts.run?.['run_id']).toBe(runId);
        expect(report?.['breadcrumbs']).toMatchObject([{ message: 'began', data: { run_id: runId } }]);
        return String(contexts.trace?.['trace_id']);
      });
      expect(new Set(traces).size).toBe(RUN_IDS.length);
      for (const [index, traceId] of traces.entries()) {
        const ofTrace = ours.spans.filter((span) => span.traceId === traceId);
        const carried = ofTrace.flatMap(({ attributes }) => attributes['run_id'] ?? []);
        expect([...new Set(carried)]).toEqual([RUN_IDS[index]]);
      }
    });

    it('each log line has the run and the trace of its own job alone', () => {
      const lines = ours.output
        .split('\n')
        .filter((line) => line.includes('in the job'))
        .map((line) => JSON.parse(line) as Record<string, string>);
      expect(lines).toHaveLength(RUN_IDS.length);
      for (const line of lines) expect(line['run_id']).toBe(line['event']);
      expect(new Set(lines.map((line) => line['trace_id'])).size).toBe(RUN_IDS.length);
    });
  });
});

type ReportContexts = Readonly<
  Partial<Record<'details' | 'run' | 'trace', Readonly<Record<string, unknown>>>>
>;
