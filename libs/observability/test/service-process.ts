import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface ServiceProcess {
  readonly port: number;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** What it printed so far. */
  output(): string;
  stop(): Promise<{ readonly shutdownMs: number; readonly rss: number }>;
}

const message = async (child: ChildProcess): Promise<Record<string, number>> => {
  const [received] = (await once(child, 'message')) as [Record<string, number>];
  return received;
};

/** Starts the example service on the lib's sources, in a process of its own. */
export const startService = async (
  settings: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> => {
  const child = fork(join(__dirname, 'traced-service.cjs'), {
    execArgv: ['--expose-gc'],
    env: { ...process.env, ...environment, NODE_OPTIONS: '', SETTINGS: JSON.stringify(settings) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  child.stderr?.on('data', (chunk) => (output += String(chunk)));
  // 'exit' may come before the last of what it printed
  const exited = once(child, 'close');
  const first = await Promise.race([message(child), exited.then(() => undefined)]);
  if (first === undefined) throw new Error(`The service ended at start:\n${output}`);
  const port = first['port'] ?? 0;
  return {
    port,
    post: (path, body, headers = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    output: () => output,
    async stop() {
      const answer = message(child);
      child.send('stop');
      const ended = exited.then(() => {
        throw new Error(`The service ended before it had shut down:\n${output}`);
      });
      const { shutdownMs = 0, rss = 0 } = await Promise.race([answer, ended]);
      await exited;
      return { shutdownMs, rss };
    },
  };
};
