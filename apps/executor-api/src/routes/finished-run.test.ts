import { createPlaces } from '../http/places';
import { handleRoute } from '../http/handle-route';
import type { Route } from '../http/route';
import { createServerTiming } from '../http/server-timing';
import { LOCAL_PRINCIPAL, type Run, type RunEvent } from '@dawsos/contracts';
import { createPiiFilter } from '@dawsos/observability';
import express from 'express';
import { listen, type RunningServer } from '../server';
import type { Services } from '../services';
import { getRun } from './get-run';
import { runEvents } from './run-events';

const RUN_ID = '0198c6a4-5d1e-7c3a-9d52-3b0f0f7f1a01';

/** As far as these routes look at it. */
const runOf = (change: Partial<Run>): Run =>
  ({
    run_id: RUN_ID,
    status: 'running',
    created_at: '2025-10-22T08:00:00.000Z',
    started_at: null,
    ...change,
  }) as Run;

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(
  route: Route,
  services: Partial<Services>,
): Promise<(path: string, headers?: Record<string, string>) => Promise<Response>> {
  const application = express();
  const caller = { principal: LOCAL_PRINCIPAL, isActive: () => true };
  application.use((_request, response, next) => {
    Object.assign(response.locals, {
      requestId: 'r',
      caller,
      timing: createServerTiming(undefined, () => undefined),
    });
    next();
  });
  const all = {
    places: { streams: createPlaces({ name: 'event-streams', most: 1, what: 'event streams' }) },
    resultCaching: 'private' as const,
    shuttingDown: new AbortController().signal,
    pii: createPiiFilter(),
    ...services,
  };
  application.get(route.path.replace('{run_id}', ':run_id'), handleRoute(route, all as Services));
  const { url } = (server = await listen(application, '127.0.0.1', 0));
  return (path, headers) => fetch(`${url}${path}`, headers === undefined ? {} : { headers });
}

describe('the stream of a run that ends while it opens', () => {
  it('brings the last event, for the state is read before the events are', async () => {
    const finished: RunEvent = {
      seq: 2,
      type: 'run.finished',
      at: '2025-10-22T08:00:01.000Z',
      data: { status: 'succeeded' },
    };
    let reads = 0;
    let events: RunEvent[] = [];
    const endAfterFirstRead = () => {
      if (reads++ === 0) events = [finished];
    };
    const ask = await serve(runEvents, {
      runs: {
        get: async () => {
          const run = runOf({ status: events.length === 0 ? 'running' : 'succeeded' });
          endAfterFirstRead();
          return run;
        },
        events: async () => {
          const found = events;
          endAfterFirstRead();
          return found;
        },
        waitForNews: async () => undefined,
      } as never,
    });
    const answer = await ask(`/v1/runs/${RUN_ID}/events`, { 'last-event-id': '1' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('event: run.finished');
  });

  it('is not opened again by who has had the last event', async () => {
    const ask = await serve(runEvents, {
      runs: { get: async () => runOf({ status: 'succeeded' }), events: async () => [] } as never,
    });
    expect((await ask(`/v1/runs/${RUN_ID}/events`, { 'last-event-id': '2' })).status).toBe(204);
  });
});

describe('the tag of a finished run', () => {
  it('is another wherever the body is: of two runs with one result, and once attributions change', async () => {
    let run = runOf({ status: 'succeeded', data_hash: 'a'.repeat(64), data: { total: '1' }, steps: [] });
    let attributions = ['Source: the bank.'];
    const ask = await serve(getRun, {
      runs: { get: async () => run } as never,
      showRun: async (whole) => ({ ...whole, attributions }),
    });
    const path = `/v1/runs/${RUN_ID}`;
    const first = await ask(path);
    const etag = first.headers.get('etag')!;
    expect((await ask(path, { 'if-none-match': etag })).status).toBe(304);

    attributions = ['Source: the exchange.'];
    const other = await ask(path, { 'if-none-match': etag });
    expect([other.status, ((await other.json()) as Run).attributions]).toEqual([200, attributions]);

    attributions = ['Source: the bank.'];
    run = { ...run, run_id: '0198c6a4-5d1e-7c3a-9d52-3b0f0f7f1a02' };
    expect((await ask(path)).headers.get('etag')).not.toBe(etag);
  });

  it('names no body that the reader may no longer see whole', async () => {
    const run = runOf({ status: 'succeeded', data_hash: 'a'.repeat(64), data: { total: '1' }, steps: [] });
    const rights: Pick<Run, 'withheld'> = {};
    const ask = await serve(getRun, {
      runs: { get: async () => run } as never,
      showRun: async (whole) => ({ ...whole, ...rights }),
    });
    const etag = (await ask(`/v1/runs/${RUN_ID}`)).headers.get('etag')!;
    rights.withheld = [{ figure: 'total', sources: ['vendor'], blocks: [] }];
    const answer = await ask(`/v1/runs/${RUN_ID}`, { 'if-none-match': etag });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, null]);
  });
});
