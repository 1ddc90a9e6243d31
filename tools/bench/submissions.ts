import { join } from 'node:path';
import { freePort, isOk, startChild } from './child.ts';
import { interleave, type Section } from './figures.ts';
import { answersPerSecond } from './load-generator.ts';
import { OVERVIEW, withSystem, type System } from './system.ts';

const CLIENTS = 16;
const OURS = 'POST /v1/execute, durable';
const BARE = 'Express 5 route with a bare BullMQ add';
/** What the bare route's job carries. */
const PEER_BYTES = 500;

export interface Pace {
  readonly rounds: number;
  readonly seconds: number;
}

/** Durable submissions a second, against a route that only adds a job. */
export function submissions({ rounds, seconds }: Pace): Promise<Section> {
  return withSystem(async (system) => {
    const barePort = await startBareRoute(system);
    const load = { clients: CLIENTS, seconds, status: 202 };
    const ours = { ...load, port: system.apiPort, path: '/v1/execute', body: JSON.stringify(OVERVIEW) };
    const blob = 'x'.repeat(PEER_BYTES - JSON.stringify({ blob: '' }).length);
    const bare = { ...load, port: barePort, path: '/jobs', body: JSON.stringify({ blob }) };
    const series = await interleave(rounds, {
      [OURS]: () => answersPerSecond(ours),
      [BARE]: () => answersPerSecond(bare),
    });
    return {
      title: 'Durable submissions',
      about:
        `${CLIENTS} clients on one machine, each with one request under way, ${seconds} s at a time; one process ` +
        'serves. Ours answers 202 once the run is committed (fsync on) and adds its job right after; beside that it ' +
        'authenticates, counts the request against its limits, validates body and inputs by schema, resolves the ' +
        'ledger ref and the pack and asks the freshness gate, plans the steps, makes the spans of the trace (not ' +
        `exported here), logs and counts. The peer parses ${PEER_BYTES} bytes of JSON and awaits one \`add\`. Both ` +
        'use the same Redis (append-only, fsync every second); no worker runs.',
      unit: 'a second',
      series,
      ratio: { of: OURS, to: BARE, goal: '1.2', atLeast: 1.2 },
      limit: SUBMISSIONS_LIMIT,
    };
  });
}

const SUBMISSIONS_LIMIT =
  'Profiled on a quiet machine on 2026-11-25: the one thread of the API is busy all the time, with about 1.4 ms a request, ' +
  'and no part of it dominates: Express and sockets, the spans and their filter, handing statements to PostgreSQL, ' +
  'reading the git ref, schemas, garbage. The sync of the WAL is not what limits it (group commit). More processes of ' +
  'the API take more.';

async function startBareRoute(system: System): Promise<number> {
  const port = await freePort();
  const child = await startChild({
    command: process.execPath,
    args: [join(import.meta.dirname, 'bare-add-route.ts')],
    environment: { REDIS_URL: system.redisUrl, PORT: String(port) },
    logFile: join(system.folder, 'bare-add-route.log'),
    isReady: () => isOk(`http://127.0.0.1:${port}/ready`),
  });
  system.onStop(() => child.stop());
  return port;
}
