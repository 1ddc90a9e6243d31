import { EXIT, type ExitCode } from '@dawsos/service';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { CliError } from '../cli-error';
import { optionsOf, placesOf, type CliContext, type GlobalOptions } from '../context';
import type { Instance } from '../instance';
import { createProgress } from '../terminal/progress';
import { startAll, type Running } from '../supervisor/supervisor';
import { awaitStopSignal, type StopSignals } from '../supervisor/stop-signals';

export interface ServeOptions extends GlobalOptions {
  readonly queue?: 'redis' | 'postgres';
  readonly workers: number;
  readonly port?: number;
}

export function addUp(program: Command, context: CliContext): void {
  serveOptions(program.command('up'))
    .description('start everything on this machine and serve until Ctrl-C')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<ServeOptions>(command);
      const { terminal } = context;
      terminal.note(
        `Starting dawsos in ${placesOf(context, options).data}; Ctrl-C stops it and loses nothing.`,
      );
      await serve(context, options, async ({ instance }) => {
        if (options.json === true) terminal.json(addressesOf(instance));
        else for (const line of describeAddresses(instance)) terminal.print(line);
        return 'keep serving';
      });
    });
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
 * Starts all, runs `use`, and serves until a signal unless `use` is done with it; then stops all in order. A
 * second Ctrl-C ends everything at once.
 * @throws CliError with exit code 130 after Ctrl-C, the error of the start or of `use` otherwise
 */
export async function serve(
  context: CliContext,
  options: ServeOptions,
  use: (running: Running, signal: AbortSignal) => Promise<'keep serving' | 'done'>,
): Promise<void> {
  const { terminal } = context;
  const signals = awaitStopSignal();
  try {
    const running = await startUnlessStopped(context, options, signals);
    const outcome = await untilStopped(signals, use(running, signals.aborted));
    if (outcome === 'keep serving') await signals.first;
    await stopInOrder(context, running, signals);
  } finally {
    signals.close();
  }
  const stopped = signals.received();
  if (stopped !== undefined) throw new Stopped(stopped === 'SIGINT' ? EXIT.interrupted : EXIT.ok);
  terminal.note('Stopped.');
}

/** Not a fault: the process ends with this code and says nothing more. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  constructor(readonly exitCode: ExitCode) {
    super('stopped');
  }
}

/** A signal during the start waits for the start to come to its end, so that nothing is left half started. */
async function startUnlessStopped(
  context: CliContext,
  options: ServeOptions,
  signals: StopSignals,
): Promise<Running> {
  const { terminal, environment, now } = context;
  const starting = startAll({
    places: placesOf(context, options),
    environment,
    terminal,
    progress: createProgress(terminal, now),
    queue: options.queue,
    workers: options.workers,
    port: options.port,
  });
  void signals.first.then(() => terminal.note('\nStopping as soon as the start is through …'));
  return starting;
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

async function stopInOrder({ terminal }: CliContext, running: Running, signals: StopSignals): Promise<void> {
  if (signals.received() !== undefined) {
    terminal.note(
      '\nStopping: runs in flight finish or wait for the next start. Ctrl-C again ends it at once.',
    );
  }
  const second = signals.second.then(() => {
    running.kill();
    throw new Stopped(EXIT.interrupted);
  });
  const failed = await Promise.race([running.stop(), second]);
  if (failed.length > 0) {
    throw new CliError(`did not stop in order: ${failed.join(', ')}`, EXIT.internal, {
      fix: 'nothing is lost; the next start clears away what was left',
    });
  }
}

export function addressesOf(instance: Instance): Readonly<Record<string, unknown>> {
  return {
    api_url: instance.api_url,
    docs_url: `${instance.api_url}/docs`,
    queue_engine: instance.queue_engine,
    processes: instance.processes.map((process) => ({
      name: process.name,
      metrics_url: `${process.operations_url}/metrics`,
      log: process.log,
    })),
  };
}

export function describeAddresses(instance: Instance): readonly string[] {
  return [
    `API      ${instance.api_url}   browsable at ${instance.api_url}/docs`,
    ...instance.processes.map(
      (process, index) =>
        `${index === 0 ? 'Metrics ' : '        '} ${`${process.operations_url}/metrics`.padEnd(34)} ${process.name}`,
    ),
    `Logs     ${instance.processes[0]?.log.replace(/[^/\\]*$/, '') ?? ''}`,
  ];
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
