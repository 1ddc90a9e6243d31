import { isFinal, RUN_EVENT_TYPES, type RunEvent } from '@dawsos/contracts';
import { z } from 'zod';
import { followEvents } from '../http/follow-events';
import { defineRoute, type Exchange } from '../http/route';
import { openEventStream, parseLastEventId } from '../http/server-sent-events';
import type { Services } from '../services';
import { runNotFound } from '@dawsos/runs';
import { RunParams } from './run-params';

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
        description: `Events: ${RUN_EVENT_TYPES.map((type) => `\`${type}\``).join(', ')}.`,
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
    // before the events: a run that ends between the two reads has its last event in the second
    const hadFinished = await hasFinished(exchange, services);
    const first = await services.runs.events(caller.principal, params.run_id, after);
    if (first === undefined) throw runNotFound();
    if (hadFinished && first.length === 0) {
      response.status(204).end();
      return;
    }
    const release = services.places.streams.take(caller.principal.id);
    try {
      const stream = openEventStream(response, signal);
      const source = { first, next: nextEvents(exchange, services), last: 'run.finished' } as const;
      if (request.method !== 'HEAD')
        await followEvents(stream, source, after, { caller, signal, pii: services.pii });
      stream.end();
    } finally {
      release();
    }
  },
});

async function hasFinished({ params, caller }: EventsExchange, { runs }: Services): Promise<boolean> {
  const run = await runs.get(caller.principal, params.run_id);
  return run !== undefined && isFinal(run.status);
}

/** Listening begins before the read, so that news between the two is not lost. */
function nextEvents({ params, caller, signal }: EventsExchange, { runs }: Services) {
  return async (afterSeq: number): Promise<readonly RunEvent[] | undefined> => {
    const listening = new AbortController();
    const news = runs.waitForNews(
      params.run_id,
      LOOK_MILLISECONDS,
      AbortSignal.any([signal, listening.signal]),
    );
    const events = await runs.events(caller.principal, params.run_id, afterSeq);
    if (events === undefined || events.length > 0) listening.abort();
    await news;
    return events;
  };
}
