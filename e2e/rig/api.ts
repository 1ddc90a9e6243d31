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
  return {
    url,
    request,
    execute,
    run,
    async accept(body, headers) {
      const answer = await execute(body, headers);
      const text = await answer.text();
      if (answer.status !== 202) throw new Error(`not accepted: ${String(answer.status)} ${text}`);
      const { run_id: runId } = JSON.parse(text) as { run_id: string };
      return runId;
    },
    async finished(runId, timeoutMs = FINISHED_WITHIN_MS) {
      const signal = AbortSignal.timeout(timeoutMs);
      for (;;) {
        const state = await run(runId);
        if (isFinal(state.status)) return state;
        const events = await request(`/v1/runs/${runId}/events`, { signal });
        await drain(events);
      }
    },
  };
}

/** Reads a stream to its end, which for a run's events is when the run has finished. */
async function drain(answer: Response): Promise<void> {
  if (answer.body === null) return;
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read());
}
