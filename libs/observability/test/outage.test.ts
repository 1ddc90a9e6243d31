import {
  freePort,
  startOtlpReceiver,
  startPostgres,
  startRedis,
  startSentryReceiver,
  type OtlpReceiver,
  type SentryReceiver,
  type TestPostgres,
  type TestRedis,
} from '@dawsos/testing';
import { startService } from './service-process';

jest.setTimeout(120_000);

const REQUESTS = 20;
/** The queue of spans holds 8,192 and that of errors 64: both see more than twice what they hold. */
const BURST = { spans: 20_000, errors: 200 };
/** 8,192 spans at 2.5 KB, the two batches under way, and what the collector of garbage leaves. */
const MOST_KEPT_BYTES = 40 * 2 ** 20;
const SHUTDOWN_BOUND_MS = 3_000;
const WARNING = /telemetry is not delivered/g;

let postgres: TestPostgres;
let redis: TestRedis;
let otlp: OtlpReceiver;
let sentry: SentryReceiver;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
});
beforeEach(async () => {
  [otlp, sentry] = await Promise.all([startOtlpReceiver(), startSentryReceiver()]);
});
afterEach(async () => {
  await Promise.all([otlp.close(), sentry.close()]);
});
afterAll(async () => {
  await Promise.all([redis.stop(), postgres.stop()]);
});

/** What becomes of a service's requests, memory, log and shutdown while its telemetry goes wrong. */
async function liveThrough(settings: object, midRun: () => unknown = () => undefined) {
  const environment = { REDIS_URL: redis.url, DATABASE_URL: postgres.url };
  const service = await startService({ logLevel: 'info', ...settings }, environment);
  const statuses = new Set<number>();
  for (let request = 0; request < REQUESTS; request += 1) {
    if (request === REQUESTS / 2) await midRun();
    const answer = await service.post('/v1/execute', { secret: 'x' });
    await answer.arrayBuffer();
    statuses.add(answer.status);
  }
  const { kept } = (await (await service.post('/v1/burst', BURST)).json()) as { kept: number };
  const { shutdownMs } = await service.stop();
  return {
    statuses: [...statuses],
    kept,
    shutdownMs,
    warnings: service.output().match(WARNING)?.length ?? 0,
  };
}

/** One warning whatever goes wrong, and how often, within the minute that a test takes at most. */
function expectUnharmed(
  { statuses, kept, shutdownMs, warnings }: Awaited<ReturnType<typeof liveThrough>>,
  expected: { readonly warnings: number },
): void {
  expect(statuses).toEqual([200]);
  expect(kept).toBeLessThan(MOST_KEPT_BYTES);
  // Export and error tracking are given up together, once their time is over.
  expect(shutdownMs).toBeLessThan(2 * SHUTDOWN_BOUND_MS + 1_000);
  expect(warnings).toBe(expected.warnings);
}

const refusing = async () => `http://127.0.0.1:${String(await freePort())}`;
const dsnAt = (url: string) => `http://key@${new URL(url).host}/1`;

describe('without anything configured', () => {
  test('no request fails, nothing is kept and nothing warned of', async () => {
    expectUnharmed(await liveThrough({}), { warnings: 0 });
  });
});

describe('no request fails, memory stays bounded, and one warning a minute is logged', () => {
  test.each([
    ['a collector', (url: string) => ({ otlpEndpoint: url })],
    ['a Sentry', (url: string) => ({ sentry: { dsn: dsnAt(url) } })],
  ])('with %s that refuses connections', async (_, settings) => {
    expectUnharmed(await liveThrough(settings(await refusing())), { warnings: 1 });
  });

  test.each(['hang', 'fail'] as const)('with a collector and a Sentry that %s', async (behaviour) => {
    otlp.behave(behaviour);
    sentry.behave(behaviour);
    const settings = { otlpEndpoint: otlp.url, sentry: { dsn: sentry.dsn } };
    expectUnharmed(await liveThrough(settings), { warnings: 1 });
    expect([otlp.requests(), sentry.requests()].every((requests) => requests > 0)).toBe(true);
  });

  test('with a collector and a Sentry that die mid-run', async () => {
    const die = () => Promise.all([otlp.close(), sentry.close()]);
    const settings = { otlpEndpoint: otlp.url, sentry: { dsn: sentry.dsn } };
    expectUnharmed(await liveThrough(settings, die), { warnings: 1 });
  });
});
