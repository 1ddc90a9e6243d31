import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  findLeaks,
  freePort,
  startOtlpReceiver,
  startRedis,
  startSentryReceiver,
  type OtlpReceiver,
  type ReceivedSpan,
  type SentryReceiver,
} from '@dawsos/testing';
import {
  createOutsideProject,
  startOutsideProject,
  type OutsideProcess,
  type OutsideProject,
} from './outside-project';

const PLANTED = { email: 'quilla.zebrano@example.org', iban: 'DE89370400440532013000' };

describe('examples/observability-only, outside of the repository, on the packed lib', () => {
  let project: OutsideProject;
  let service: OutsideProcess;
  let otlp: OtlpReceiver;
  let sentry: SentryReceiver;
  let metrics: string;
  let exitCode: number | null;
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    project = await createOutsideProject('observability-only');
    undo.push(() => project.remove());
    const redis = await startRedis();
    undo.push(() => redis.stop());
    [otlp, sentry] = await Promise.all([startOtlpReceiver(), startSentryReceiver()]);
    undo.push(
      () => otlp.close(),
      () => sentry.close(),
    );
    const [port, metricsPort] = [await freePort(), await freePort()];
    service = await startOutsideProject(project, {
      REDIS_URL: redis.url,
      OTLP_ENDPOINT: otlp.url,
      SENTRY_DSN: sentry.dsn,
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
    });
    undo.push(() => service.stop());

    const order = (items: number): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/orders?email=${encodeURIComponent(PLANTED.email)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...PLANTED, items }),
      });
    expect([(await order(2)).status, (await order(0)).status]).toEqual([202, 202]);
    await otlp.until((spans) => halves(spans, 'process orders').length === 2);
    await sentry.until((events) => events.length > 0);
    metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    exitCode = await service.stop();
  }, 60_000);
  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });

  it('gives one trace over the request and its job, however the job ends', () => {
    expect(otlp.traceIds()).toHaveLength(2);
    for (const traceId of otlp.traceIds()) {
      const spans = otlp.spans().filter((span) => span.traceId === traceId);
      const [request, ...otherRequests] = halves(spans, 'POST /orders');
      const [job, ...otherJobs] = halves(spans, 'process orders');
      expect([otherRequests, otherJobs]).toEqual([[], []]);
      expect(job?.parentSpanId).toBe(request?.spanId);
    }
  });

  it('counts and times the requests by route, and the jobs by how long they waited', () => {
    expect(metrics).toContain(
      'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/orders",http_response_status_code="202"} 2',
    );
    expect(metrics).toContain('dawsos_queue_wait_seconds_count{queue="orders"} 2');
  });

  it('reports the failed job once, filtered, with its trace', () => {
    const failed = otlp
      .spans()
      .find(({ name, status }) => name === 'process orders' && status.code === 'error');
    expect(sentry.events()).toHaveLength(1);
    expect(sentry.events()[0]).toMatchObject({
      exception: { values: [{ value: 'Nothing to ship to [REDACTED], refund [REDACTED]' }] },
      contexts: { trace: { trace_id: failed?.traceId } },
    });
  });

  it('logs in the trace', () => {
    const shipping = service
      .output()
      .split('\n')
      .filter((line) => line.includes('"msg":"shipping"'));
    const traceIds = shipping.map((line) => (JSON.parse(line) as Record<string, unknown>)['trace_id']);
    expect(traceIds).toEqual(otlp.traceIds());
  });

  it('sends what was planted nowhere', () => {
    const sinks = { traces: otlp.bytes(), errors: sentry.bytes(), logs: service.output(), metrics };
    const leaks = Object.entries(sinks).map(([sink, bytes]) => [
      sink,
      findLeaks(bytes, Object.values(PLANTED)),
    ]);
    expect(Object.fromEntries(leaks)).toEqual({ traces: [], errors: [], logs: [], metrics: [] });
  });

  it('ends well when told to', () => expect(exitCode).toBe(0));

  it('gets a whole lib: each file asks for files in the tarball and packages that it names', async () => {
    const files = (await readdir(project.lib, { recursive: true })).filter((file) =>
      /\.(js|d\.ts)$/.test(file),
    );
    const asked = await Promise.all(files.map((file) => missingFrom(project, join(project.lib, file))));
    expect(files).toContain(join('dist', 'index.js'));
    expect(asked.flat()).toEqual([]);
  });

  it("starts as the lib's page shows", async () => {
    const setup = await readFile(join(project.dir, 'observability.js'), 'utf8');
    expect(await readFile(join(project.lib, 'README.md'), 'utf8')).toContain(`\`\`\`js\n${setup}\`\`\``);
  });

  it('gets its types', async () => {
    await writeFile(join(project.dir, 'typed.ts'), TYPED);
    await writeFile(join(project.dir, 'tsconfig.json'), JSON.stringify({ compilerOptions: OUTSIDE_OPTIONS }));
    await expect(compile(project.dir)).resolves.toBe('');
  });
});

/** Compiles only if the lib's types are found: where they are not, all is `any` and nothing an error. */
const TYPED = `
import { setupObservability, traceContext } from '@dawsos/observability';
const { logger, pii } = setupObservability({ serviceName: 'orders' });
const order: unknown = {};
logger.info('taken', pii.fields({ order }));
// @ts-expect-error what has not been through the filter
logger.info('taken', { order });
// @ts-expect-error a name that may hold a client's data
void traceContext(String(order), {}, () => undefined);
`;
const OUTSIDE_OPTIONS = {
  module: 'nodenext',
  target: 'es2024',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/** What the compiler says of the folder's project. */
const compile = async (folder: string): Promise<string> => {
  const compiler = join(__dirname, '../../../node_modules/typescript-native/bin/tsc');
  const ran = promisify(execFile)(process.execPath, [compiler, '-p', folder], {
    env: { PATH: process.env['PATH'] },
  });
  return ran.then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
};

/** What a file of the lib imports and an outside project would not find. */
const missingFrom = async (
  { lib, dependencies }: OutsideProject,
  file: string,
): Promise<readonly string[]> => {
  const text = await readFile(file, 'utf8');
  const asked = [...text.matchAll(/(?:require\(|import\(|from )["']([^"']+)["']/g)].map(
    ([, name = '']) => name,
  );
  const isFound = (name: string): boolean =>
    name.startsWith('.')
      ? existsSync(`${resolve(dirname(file), name)}${file.endsWith('.d.ts') ? '.d.ts' : '.js'}`)
      : isBuiltin(name) || dependencies.some((known) => name === known || name.startsWith(`${known}/`));
  return asked.filter((name) => !isFound(name)).map((name) => `${relative(lib, file)}: ${name}`);
};

const halves = (spans: readonly ReceivedSpan[], name: string): readonly ReceivedSpan[] =>
  spans.filter((span) => span.name === name);
