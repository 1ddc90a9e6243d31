import { EXIT, type ExitCode } from '@dawsos/service';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { chooseLedger, dataFolderFor, describeBooks, openBooks, type BooksOptions } from '../books/books';
import { CliError } from '../cli-error';
import { placesOf, type CliContext, type GlobalOptions } from '../context';
import { checkDataFolder, checkPort, checkSettings } from '../supervisor/preflight';
import { awaitStopSignal, type StopSignals } from '../supervisor/stop-signals';
import {
  createSupervisor,
  SERVICE_NAMES,
  type Running,
  type ServiceName,
  type Supervisor,
} from '../supervisor/supervisor';
import { createProgress } from '../terminal/progress';

export interface ServeOptions extends GlobalOptions, BooksOptions {
  readonly queue?: 'redis' | 'postgres';
  readonly workers: number;
  readonly port?: number;
  readonly only?: readonly ServiceName[];
  readonly inspect?: boolean;
}

export function serveOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--queue <engine>', 'what carries the jobs (default: Redis where there is one)').choices([
        'redis',
        'postgres',
      ]),
    )
    .option('--workers <count>', 'how many worker processes', parseCount, 2)
    .option('--port <port>', 'the port of the API (default: a free one)', parsePort);
}

/**
 * Looks whether all can start, starts it, runs `use`, and serves until a signal unless `use` is done with it; then
 * stops all in order. A signal ends it in every phase; a second one ends everything at once.
 * @throws Stopped after Ctrl-C, the error of the start or of `use` otherwise
 */
export async function serve(
  context: CliContext,
  options: ServeOptions,
  use: (running: Running, signal: AbortSignal) => Promise<'keep serving' | 'done'>,
): Promise<void> {
  const { terminal } = context;
  const signals = awaitStopSignal();
  let supervisor: Supervisor | undefined;
  void signals.first.then(() => terminal.note(STOPPING));
  void signals.second.then(() => {
    supervisor?.kill();
    // Whatever is being started or stopped is not waited for.
    process.exit(EXIT.interrupted);
  });
  try {
    supervisor = await prepare(context, options);
    const running = await supervisor.start(signals.aborted);
    const outcome = await untilStopped(signals, use(running, signals.aborted));
    if (outcome === 'keep serving') await signals.first;
    await stopInOrder(supervisor);
  } catch (error) {
    await supervisor?.stop();
    if (signals.received() === undefined) throw error;
  } finally {
    signals.close();
  }
  const stopped = signals.received();
  if (stopped !== undefined) throw new Stopped(stopped === 'SIGINT' ? EXIT.interrupted : EXIT.ok);
  terminal.note('Stopped.');
}

const STOPPING =
  '\nStopping: runs in flight finish or wait for the next start. Ctrl-C again ends it at once.';

/** Not a fault: the process ends with this code and says nothing more. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor(readonly exitCode: ExitCode) {
    super('stopped');
  }
}

/** Everything that can be known before a process is started. */
async function prepare(context: CliContext, options: ServeOptions): Promise<Supervisor> {
  const { terminal, environment, now } = context;
  const places = placesOf(context, options);
  const chosen = chooseLedger(environment, options);
  const data = dataFolderFor(places, chosen);
  checkDataFolder(data);
  await checkPort(options.port, '--port');
  await checkSettings(environment);
  return createSupervisor({
    root: places.root,
    data,
    environment,
    terminal,
    progress: createProgress(terminal, now),
    queue: options.queue,
    workers: options.workers,
    port: options.port,
    only: options.only,
    inspect: options.inspect,
    openBooks: async () => {
      const books = await openBooks(chosen, { root: places.root, data, environment });
      for (const line of describeBooks(books)) terminal.note(line);
      terminal.note(`Data     ${data}\n`);
      return books;
    },
  });
}

async function untilStopped<T>(signals: StopSignals, work: Promise<T>): Promise<T | undefined> {
  return Promise.race([
    work.catch((error: unknown) => {
      if (signals.received() === undefined) throw error;
      return undefined;
    }),
    signals.first.then(() => undefined),
  ]);
}

async function stopInOrder(supervisor: Supervisor): Promise<void> {
  const failed = await supervisor.stop();
  if (failed.length === 0) return;
  throw new CliError(`did not stop in order: ${failed.join(', ')}`, EXIT.internal, {
    fix: 'nothing is lost; the next start clears away what was left',
  });
}

export function parseServices(text: string): readonly ServiceName[] {
  const names = text.split(',').map((name) => SERVICE_NAMES.find((known) => known === name.trim()));
  const known = names.filter((name) => name !== undefined);
  if (known.length === names.length) return known;
  throw new InvalidArgumentError(`It must be of: ${SERVICE_NAMES.join(', ')}.`);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 64)
    throw new InvalidArgumentError('It must be 1 to 64.');
  return count;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError('It must be a port, 1 to 65535.');
  }
  return port;
}
