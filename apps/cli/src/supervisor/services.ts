import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '@dawsos/service';
import { freePort } from '@dawsos/resilience';
import { CliError } from '../cli-error';
import { tailOf } from './log-tail';
import { startProcess, type ManagedProcess } from './managed-process';

export interface Service {
  readonly process: ManagedProcess;
  readonly operationsUrl: string;
  /** Where a debugger attaches. */
  readonly inspectUrl: string | undefined;
}

export interface ServiceStart {
  readonly app: 'executor-api' | 'pattern-worker' | 'pack-builder';
  /** Tells two workers apart. */
  readonly name: string;
  readonly root: string;
  readonly logFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly inspect?: boolean | undefined;
}

const READY_WITHIN_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/** Starts one of the apps on a free operations port; it may not be ready yet. */
export async function startService(start: ServiceStart): Promise<Service> {
  const port = await freePort();
  const inspector = start.inspect === true ? `127.0.0.1:${String(await freePort())}` : undefined;
  const process = startProcess({
    name: start.name,
    command: globalThis.process.execPath,
    args: [
      ...(inspector === undefined ? [] : [`--inspect=${inspector}`]),
      '--require',
      join(__dirname, 'die-with-parent.js'),
      join(start.root, 'apps', start.app, 'dist', 'main.js'),
    ],
    environment: { ...start.environment, OPERATIONS_HOST: '127.0.0.1', OPERATIONS_PORT: String(port) },
    log: join(start.logFolder, `${start.name}.log`),
    channel: true,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  return { process, operationsUrl: `http://127.0.0.1:${String(port)}`, inspectUrl: inspector };
}

/** Resolves once the service says that it is ready. @throws CliError when it ends or takes too long, the signal's reason once it is aborted */
export async function awaitReady(
  service: Service,
  signal: AbortSignal,
  withinMs = READY_WITHIN_MS,
): Promise<void> {
  let exit: string | undefined;
  void service.process.ended().then(({ code, signal }) => {
    exit = signal === null ? `it ended with exit code ${String(code)}` : `it was ended by ${signal}`;
  });
  const deadline = Date.now() + withinMs;
  while (!(await isReady(service))) {
    signal.throwIfAborted();
    if (exit !== undefined || Date.now() > deadline) {
      throw new CliError(`${service.process.name} does not come up`, EXIT.unavailable, {
        cause: `${exit ?? `not ready after ${String(withinMs / 1000)} s`}: ${tailOf(service.process.log)}`,
        fix: 'mend what its log says and start again',
        log: service.process.log,
      });
    }
    await delay(40);
  }
}

export async function isReady(service: Pick<Service, 'operationsUrl'>): Promise<boolean> {
  try {
    const answer = await fetch(`${service.operationsUrl}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
