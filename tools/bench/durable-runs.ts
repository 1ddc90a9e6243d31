import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child.ts';
import { OVERVIEW, type System } from './system.ts';

const FINISHED_WITHIN_MS = 120_000;

/** Submits a run and does not wait for it. Resolves with its id. */
export async function submit(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(OVERVIEW),
  });
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { run_id: string }).run_id;
}

interface RunRow {
  readonly run_id: string;
  readonly status: string;
  readonly finished_at: Date | null;
}

/** When each of the runs was committed, in milliseconds since the epoch, by id. @throws when one did not succeed */
export async function finishTimes(
  { database }: Pick<System, 'database'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const deadline = Date.now() + FINISHED_WITHIN_MS;
  for (;;) {
    const { rows } = await database.pool.query<RunRow>(
      'select run_id, status, finished_at from run where run_id = any($1::uuid[]) and finished_at is not null',
      [ids],
    );
    if (rows.some(({ status }) => status !== 'succeeded')) throw new Error('a run did not succeed');
    if (rows.length === ids.length)
      return new Map(rows.map((row) => [row.run_id, row.finished_at?.getTime() ?? Number.NaN]));
    if (Date.now() > deadline) throw new Error(`${rows.length} of ${ids.length} runs finished in time`);
    await delay(50);
  }
}

export interface Burst {
  /** The port of the API. */
  readonly port: number;
  readonly worker: Child;
  readonly count: number;
}

/** Holds the idle worker while the runs are submitted, so that it is timed at work and not at waiting for them. */
export async function workerPerSecond(
  system: Pick<System, 'database'>,
  { port, worker, count }: Burst,
): Promise<number> {
  worker.signal('SIGSTOP');
  let started: number;
  let ids: readonly string[];
  try {
    ids = await Promise.all(Array.from({ length: count }, () => submit(port)));
  } finally {
    started = Date.now();
    worker.signal('SIGCONT');
  }
  const finished = Math.max(...(await finishTimes(system, ids)).values());
  return count / ((finished - started) / 1000);
}
