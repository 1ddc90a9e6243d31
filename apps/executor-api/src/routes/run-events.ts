import { isFinal, type RunEvent } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute, type Exchange } from '../http/route';
import { openEventStream, parseLastEventId, type EventStream } from '../http/server-sent-events';
import type { Services } from '../services';
import { RunParams, runNotFound } from './find-run';

const KEEP_ALIVE_MILLISECONDS = 15_000;
/** Also how soon a stream notices that its key was revoked. */
const LOOK_MILLISECONDS = 2_000;

type EventsExchange = Exchange<z.output<typeof RunParams>, unknown, unknown>;

export const runEvents = defineRoute({
  method: 'get',
  path: '/v1/runs/{run_id}/events',
  scope: 'read',
  params: RunParams,
  description: {
    operationId: 'runEvents',
    tag: 'runs',
    summary: "A run's progress, as server-sent events",
    description:
      'From the first event, or from the one after `Last-Event-ID`; ids count from 1 without a gap. The stream ends ' +
      'after `run.finished`; resuming after it answers 204, which tells a browser not to come back.',
    requestHeaders: { 'Last-Event-ID': 'The id of the last event that was received.' },
    responses: {
      200: {
        description:
          'Events: `run.accepted`, `run.started`, `step.started`, `step.finished`, `run.finished`.',
        schema: z.string(),
        mediaType: 'text/event-stream',
      },
      204: { description: 'The run has finished and every event was received.' },
    },
    problems: [404],
  },
  async handle(exchange, services) {
    const { request, response, params, caller, signal } = exchange;
    const after = parseLastEventId(request.get('last-event-id'));
    const first = await services.runs.events(caller.principal.id, params.run_id, after);
    if (first === undefined) throw runNotFound();
    if (first.length === 0 && (await hasFinished(exchange, services))) {
      response.status(204).end();
      return;
    }
    const release = services.streams.take(caller.principal.id);
    try {
      const stream = openEventStream(response, signal);
      if (request.method !== 'HEAD') await follow(exchange, services, stream, first, after);
      stream.end();
    } finally {
      release();
    }
  },
});

async function hasFinished({ params, caller }: EventsExchange, { runs }: Services): Promise<boolean> {
  const run = await runs.get(caller.principal.id, params.run_id);
  return run !== undefined && isFinal(run.status);
}

/** Sends events until the run ends, the client goes, its key is revoked or the process stops. */
async function follow(
  { params, caller, signal }: EventsExchange,
  { runs, pii }: Services,
  stream: EventStream,
  first: readonly RunEvent[],
  after: number,
): Promise<void> {
  let lastSent = after;
  let lastWrite = performance.now();
  let events: readonly RunEvent[] | undefined = first;
  while (events !== undefined && !signal.aborted && caller.isActive()) {
    for (const event of events) {
      await stream.send({ id: event.seq, type: event.type, data: pii.fields(event) });
      lastSent = event.seq;
      lastWrite = performance.now();
      if (event.type === 'run.finished') return;
    }
    // Listening begins before the read, so that news between the two is not lost.
    const listening = new AbortController();
    const news = runs.waitForNews(
      params.run_id,
      LOOK_MILLISECONDS,
      AbortSignal.any([signal, listening.signal]),
    );
    events = await runs.events(caller.principal.id, params.run_id, lastSent);
    if (events !== undefined && events.length > 0) listening.abort();
    await news;
    if (performance.now() - lastWrite >= KEEP_ALIVE_MILLISECONDS) {
      stream.keepAlive();
      lastWrite = performance.now();
    }
  }
}
