import { setTimeout as delay } from 'node:timers/promises';
import { isBuildOver } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute, type Exchange } from '../http/route';
import { openEventStream, parseLastEventId, type EventStream } from '../http/server-sent-events';
import type { Services } from '../services';
import { findPackBuild, PackBuildParams } from './find-pack-build';

const KEEP_ALIVE_MILLISECONDS = 15_000;
/** A build takes seconds to minutes, and few watch one. */
const LOOK_MILLISECONDS = 500;

type EventsExchange = Exchange<z.output<typeof PackBuildParams>, unknown, unknown>;

export const packBuildEvents = defineRoute({
  method: 'get',
  path: '/v1/pack-builds/{build_id}/events',
  scope: 'read',
  params: PackBuildParams,
  description: {
    operationId: 'packBuildEvents',
    tag: 'packs',
    summary: "A build's progress, as server-sent events",
    description:
      'From the first event, or from the one after `Last-Event-ID`; ids count from 1 without a gap. The stream ends ' +
      'after `build.finished`; resuming after it answers 204, which tells a browser not to come back.',
    requestHeaders: { 'Last-Event-ID': 'The id of the last event that was received.' },
    responses: {
      200: {
        description:
          'Events: `build.accepted`, `build.started`, `build.progress`, `build.retried`, `build.finished`.',
        schema: z.string(),
        mediaType: 'text/event-stream',
      },
      204: { description: 'The build has finished and every event was received.' },
    },
    problems: [404],
  },
  async handle(exchange, services) {
    const { request, response, params, caller, signal } = exchange;
    const after = parseLastEventId(request.get('last-event-id'));
    const build = await findPackBuild(services, params.build_id);
    const first = await services.packBuilds.events(build.build_id, after);
    if (isBuildOver(build.state) && first?.length === 0) {
      response.status(204).end();
      return;
    }
    const release = services.streams.take(caller.principal.id);
    try {
      const stream = openEventStream(response, signal);
      if (request.method !== 'HEAD') await follow(exchange, services, stream, after);
      stream.end();
    } finally {
      release();
    }
  },
});

/** Sends events until the build ends, the client goes, its key is revoked or the process stops. */
async function follow(
  { params, caller, signal }: EventsExchange,
  { packBuilds, pii }: Services,
  stream: EventStream,
  after: number,
): Promise<void> {
  let lastSent = after;
  let lastWrite = performance.now();
  while (!signal.aborted && caller.isActive()) {
    const events = await packBuilds.events(params.build_id, lastSent);
    if (events === undefined) return;
    for (const event of events) {
      await stream.send({ id: event.seq, type: event.type, data: pii.fields(event) });
      lastSent = event.seq;
      lastWrite = performance.now();
      if (event.type === 'build.finished') return;
    }
    if (performance.now() - lastWrite >= KEEP_ALIVE_MILLISECONDS) {
      stream.keepAlive();
      lastWrite = performance.now();
    }
    await delay(LOOK_MILLISECONDS, undefined, { signal }).catch(() => undefined);
  }
}
