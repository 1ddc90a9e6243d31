import {
  startOtlpReceiver,
  startPostgres,
  startRedis,
  startSentryReceiver,
  type OtlpReceiver,
  type SentryReceiver,
} from '@dawsos/testing';
import { startService, type ServiceProcess } from './service-process';

const SECRET = 'zebra.quill@example.org';
const REQUEST = '/v1/execute?portfolio_id=zebra-quill-portfolio';

describe('a service with tracing and error tracking on', () => {
  let otlp: OtlpReceiver;
  let sentry: SentryReceiver;
  let service: ServiceProcess;
  let stops: (() => Promise<unknown>)[];

  beforeAll(async () => {
    const postgres = await startPostgres();
    const redis = await startRedis();
    [otlp, sentry] = await Promise.all([startOtlpReceiver(), startSentryReceiver()]);
    stops = [() => otlp.close(), () => sentry.close(), () => redis.stop(), () => postgres.stop()];
    service = await startService(
      { otlpEndpoint: otlp.url, sentry: { dsn: sentry.dsn }, logLevel: 'debug' },
      { REDIS_URL: redis.url, DATABASE_URL: postgres.url },
    );
    const answer = await service.post(REQUEST, { secret: SECRET, note: `for ${SECRET}` });
    expect(answer.status).toBe(200);
    await otlp.until((spans) => spans.some(({ name }) => name.startsWith('POST')));
    await sentry.until((events) => events.length > 0);
    await service.stop();
  }, 60_000);
  afterAll(async () => {
    for (const stop of stops) await stop();
  });

  it('gives one trace, named by the route, with nothing of Redis outside of it', () => {
    expect(otlp.traceIds()).toHaveLength(1);
    expect(otlp.draw(otlp.traceIds()[0]!, { label: ({ name, kind }) => `${name} (${kind})` })).toBe(
      [
        'POST /v1/execute (SERVER)',
        '  execute_pattern (INTERNAL)',
        '    step_0 (INTERNAL)',
        '      agent_execute (INTERNAL)',
        '        set (CLIENT)',
        '        eval (CLIENT)',
        ...Array<string>(3).fill('        pg.query:SELECT postgres (CLIENT)'),
      ].join('\n'),
    );
  });

  it('carries the context of the run on every span below execute_pattern', () => {
    const below = otlp.spans().filter(({ kind }) => kind !== 'SERVER');
    for (const span of below) {
      expect(span.attributes).toMatchObject({
        pattern_id: 'portfolio_overview',
        pricing_pack_id: 'PP_2025-10-22',
        ledger_commit_hash: '3f2c91a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6',
        request_id: 'req-1',
        user_id: '2bd806c9',
      });
    }
  });

  it.each(['zebra', 'quill', 'alice', encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64')])(
    'sends %s nowhere',
    (secret) => {
      expect(otlp.bytes().includes(secret)).toBe(false);
      expect(sentry.bytes().includes(secret)).toBe(false);
      expect(service.output()).not.toContain(secret);
    },
  );

  it('sends the error once, grouped by its code, with the trace', () => {
    expect(sentry.events()).toHaveLength(1);
    expect(sentry.events()[0]).toMatchObject({
      fingerprint: ['agent_failed'],
      contexts: { trace: { trace_id: otlp.traceIds()[0] } },
    });
  });
});
