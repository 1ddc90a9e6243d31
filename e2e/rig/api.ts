import { RunSchema, type Run, isFinal } from '@dawsos/contracts';

/** An API process as a client sees it: plain HTTP, no client of ours in between. */
export interface Api {
  readonly url: string;
  request(path: string, init?: RequestInit): Promise<Response>;
  execute(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Submits and resolves with the id of the accepted run. */
  accept(body: unknown, headers?: Readonly<Record<string, string>>): Promise<string>;
  run(runId: string): Promise<Run>;
  /** Resolves once the run has finished, by its event stream. */
  finished(runId: string, timeoutMs?: number): Promise<Run>;
  /** Resolves once all have finished, in the order of `runIds`. */
  allFinished(runIds: readonly string[], timeoutMs?: number): Promise<readonly Run[]>;
  /** Submits and resolves with the finished run. @throws when it did not succeed */
  succeeded(body: unknown): Promise<Run>;
}

const JSON_HEADERS = { 'content-type': 'application/json' };
const FINISHED_WITHIN_MS = 120_000;

export function createApi(url: string): Api {
  const request = (path: string, init?: RequestInit) => fetch(new URL(path, url), init);
  const execute = (body: unknown, headers?: Readonly<Record<string, string>>) =>
    request('/v1/execute', {
      method: 'POST',
      headers: { ...JSON_HEADERS, ...headers },
      body: JSON.stringify(body),
    });
  const run = async (runId: string): Promise<Run> => {
    const answer = await request(`/v1/runs/${runId}`);
    if (answer.status !== 200)
      throw new Error(`run ${runId}: ${String(answer.status)} ${await answer.text()}`);
    return RunSchema.parse(await answer.json());
  };
  const accept: Api['accept'] = async (body, headers) => {
    const answer = await execute(body, headers);
    const text = await answer.text();
    if (answer.status !== 202) throw new Error(`not accepted: ${String(answer.status)} ${text}`);
    return (JSON.parse(text) as { run_id: string }).run_id;
  };
  const finished: Api['finished'] = async (runId, timeoutMs = FINISHED_WITHIN_MS) => {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const state = await run(runId);
      if (isFinal(state.status)) return state;
      await drain(await request(`/v1/runs/${runId}/events`, { signal }));
    }
  };
  return {
    url,
    request,
    execute,
    accept,
    run,
    finished,
    async allFinished(runIds, timeoutMs = FINISHED_WITHIN_MS) {
      const deadline = Date.now() + timeoutMs;
      const runs: Run[] = [];
      for (const runId of runIds) runs.push(await finished(runId, Math.max(1, deadline - Date.now())));
      return runs;
    },
    async succeeded(body) {
      const state = await finished(await accept(body));
      if (state.status === 'succeeded') return state;
      throw new Error(`the run ${state.status}: ${JSON.stringify(state.error)}`);
    },
  };
}

/** Reads a stream to its end, which for a run's events is when the run has finished. */
async function drain(answer: Response): Promise<void> {
  if (answer.body === null) return;
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read());
}
