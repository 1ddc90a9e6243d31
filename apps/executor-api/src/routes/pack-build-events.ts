import { setTimeout as delay } from 'node:timers/promises';
import { isBuildOver, PACK_BUILD_EVENT_TYPES } from '@dawsos/contracts';
import { z } from 'zod';
import { followEvents } from '../http/follow-events';
import { defineRoute } from '../http/route';
import { openEventStream, parseLastEventId } from '../http/server-sent-events';
import { findPackBuild, PackBuildParams } from './find-pack-build';

/** A build takes seconds to minutes, and few watch one. */
const LOOK_MILLISECONDS = 500;

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
        description: `Events: ${PACK_BUILD_EVENT_TYPES.map((type) => `\`${type}\``).join(', ')}.`,
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
    const release = services.places.streams.take(caller.principal.id);
    try {
      const stream = openEventStream(response, signal);
      const next = async (afterSeq: number) => {
        await delay(LOOK_MILLISECONDS, undefined, { signal }).catch(() => undefined);
        return services.packBuilds.events(build.build_id, afterSeq);
      };
      const source = { first: first ?? [], next, last: 'build.finished' } as const;
      if (request.method !== 'HEAD')
        await followEvents(stream, source, after, { caller, signal, pii: services.pii });
      stream.end();
    } finally {
      release();
    }
  },
});
