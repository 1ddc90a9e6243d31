import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@dawsos/resilience';

export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>;
  /** The time in seconds, and the value. */
  readonly value: readonly [number, string];
}

export interface PrometheusExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A real Prometheus in a folder of its own. */
export interface TestPrometheus {
  readonly url: string;
  /** An instant query. @throws when the expression does not evaluate */
  query(expression: string): Promise<readonly PrometheusSample[]>;
  /** The exemplars that a selector's series had in the last hour. */
  exemplars(selector: string): Promise<readonly PrometheusExemplar[]>;
  /** Resolves once `expression` has a result. */
  until(expression: string, timeoutMs?: number): Promise<readonly PrometheusSample[]>;
  stop(): Promise<void>;
}

export interface TestPrometheusOptions {
  /** The text of prometheus.yml; rule files by their whole path. */
  readonly configuration: string;
}

const START_DEADLINE_MS = 30_000;
const UNTIL_MS = 30_000;
const HOUR_MS = 3_600_000;

/** Needs prometheus on PATH. Exemplars are kept. */
export async function startPrometheus(options: TestPrometheusOptions): Promise<TestPrometheus> {
  const dir = await mkdtemp(join(tmpdir(), 'dawsos-prometheus-'));
  const file = join(dir, 'prometheus.yml');
  await writeFile(file, options.configuration);
  const url = `http://127.0.0.1:${String(await freePort())}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=${url.slice('http://'.length)}`,
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const isOver = (): boolean => failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (!isOver()) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    await rm(dir, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await isReady(url))) {
    if (isOver() || Date.now() > deadline) {
      await stop();
      throw new Error(`prometheus did not start: ${output.slice(-2000)}`, { cause: failure });
    }
    await delay(25);
  }
  const query = async (expression: string): Promise<readonly PrometheusSample[]> => {
    const data = (await ask(url, 'query', { query: expression })) as { result: PrometheusSample[] };
    return data.result;
  };
  return {
    url,
    query,
    async exemplars(selector) {
      const now = Date.now();
      const span = { start: String((now - HOUR_MS) / 1000), end: String(now / 1000) };
      const data = await ask(url, 'query_exemplars', { query: selector, ...span });
      return (data as { exemplars: PrometheusExemplar[] }[]).flatMap(({ exemplars }) => exemplars);
    },
    async until(expression, timeoutMs = UNTIL_MS) {
      const end = Date.now() + timeoutMs;
      for (;;) {
        const found = await query(expression);
        if (found.length > 0) return found;
        if (Date.now() > end) throw new Error(`Prometheus has nothing for: ${expression}`);
        await delay(100);
      }
    },
    stop,
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function ask(
  url: string,
  call: string,
  parameters: Readonly<Record<string, string>>,
): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1/${call}`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  const body = (await answer.json()) as { status: string; error?: string; data: unknown };
  if (body.status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${body.error ?? 'failed'}`);
  return body.data;
}
