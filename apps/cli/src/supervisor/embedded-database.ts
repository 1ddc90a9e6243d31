import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedPostgres } from '@dawsos/database';
import type { Environment } from '../context';
import type { Terminal } from '../terminal/terminal';

export interface DatabaseInUse {
  readonly url: string;
  readonly detail: string;
  stop(): Promise<void>;
  /** Ends the server at once; it recovers at the next start. */
  kill(): void;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/** The database of DATABASE_URL, else an embedded server, which is started again on its port whenever it ends. */
export async function openStore(
  environment: Environment,
  data: string,
  terminal: Terminal,
): Promise<DatabaseInUse> {
  const configured = environment['DATABASE_URL'];
  if (configured !== undefined && configured !== '') {
    const nothing = () => undefined;
    return { url: configured, detail: 'DATABASE_URL is set', stop: () => Promise.resolve(), kill: nothing };
  }
  const { startEmbeddedPostgres } = await import('@dawsos/database');
  const dataDir = join(data, 'postgres');
  let server = await startEmbeddedPostgres({ dataDir });
  const { url, port } = server;
  let stopping = false;

  async function keepAlive(): Promise<void> {
    let delayMs = FIRST_RETRY_MS;
    for (;;) {
      await server.ended;
      if (isStopping()) return;
      terminal.note(`  postgres ended; starting it again in ${String(delayMs)} ms. Log: ${server.logFile}`);
      await delay(delayMs);
      if (isStopping()) return;
      try {
        server = await startEmbeddedPostgres({ dataDir, port });
        delayMs = FIRST_RETRY_MS;
      } catch (error) {
        delayMs = Math.min(delayMs * 2, LONGEST_RETRY_MS);
        terminal.note(`  ${error instanceof Error ? error.message : String(error)}`);
      }
      // a stop that came while it started
      if (isStopping()) await server.stop();
    }
  }
  const isStopping = () => stopping;
  void keepAlive();

  return {
    url,
    detail: `embedded, port ${String(port)}`,
    stop: () => {
      stopping = true;
      return server.stop();
    },
    kill: () => {
      stopping = true;
      killAtOnce(server);
    },
  };
}

/** SIGQUIT is PostgreSQL's immediate shutdown: its children go with it. */
function killAtOnce({ pid }: EmbeddedPostgres): void {
  try {
    process.kill(pid, 'SIGQUIT');
  } catch {
    // It has ended.
  }
}
