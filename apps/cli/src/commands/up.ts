import type { Command } from 'commander';
import { watchBooks } from '../books/watch-books';
import { optionsOf, type CliContext } from '../context';
import type { Instance } from '../instance';
import { packWarnings } from '../supervisor/pack-wait';
import type { Running } from '../supervisor/supervisor';
import { parseServices, serve, serveOptions, type ServeOptions } from './serve';

interface UpOptions extends ServeOptions {
  readonly watch: boolean;
}

export function addUp(program: Command, context: CliContext): void {
  serveOptions(program.command('up'))
    .description('start everything on this machine and serve until Ctrl-C')
    .option(
      '--ledger <path>',
      'your ledger: its first file, its folder or its repository (default: LEDGER_REPO, else the example)',
    )
    .option('--worktree', 'read the ledger as it stands, uncommitted changes included, pinned by its content')
    .option('--no-watch', 'do not look for new commits, uncommitted changes and new price files')
    .option(
      '--only <services>',
      'start these services alone: api, worker, builder (with commas)',
      parseServices,
    )
    .option('--inspect', 'let a debugger attach to each service')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<UpOptions>(command);
      await serve(context, options, async (running, signal) => {
        announce(context, options, running);
        if (options.watch) watchBooks(context.terminal, running, signal);
        return 'keep serving';
      });
    });
}

function announce({ terminal }: CliContext, options: UpOptions, running: Running): void {
  const { instance, books, pack } = running;
  const hasApi = runs(instance, 'executor-api');
  const warnings = hasApi ? packWarnings(pack, books.pricesDir) : [];
  for (const line of warnings) terminal.note(terminal.styleNote('yellow', line));
  if (options.json === true) {
    terminal.json({ ...addressesOf(instance), books: booksOf(running) });
    return;
  }
  for (const line of describeAddresses(instance)) terminal.print(line);
  for (const line of debugLines(options, running)) terminal.print(line);
  const portfolios = books.snapshot.portfolios();
  terminal.print(
    `Holds    ${portfolios.map(({ id, baseCurrency }) => `${id ?? 'all'} (${baseCurrency})`).join(', ')}`,
  );
  if (!hasApi) return;
  const stale = pack.state.status === 'fresh' ? '' : ' --allow-stale';
  const first = portfolios[0]?.id ?? 'all';
  terminal.print(`Ask      ./dawsos execute portfolio_overview --portfolio ${first} --wait${stale}`);
}

const runs = ({ processes }: Instance, app: string): boolean =>
  processes.some(({ name }) => name.startsWith(app));

/** How to start by hand what --only leaves out, with the same environment. */
function debugLines({ only }: UpOptions, { instance, environmentFile }: Running): readonly string[] {
  if (only === undefined) return [];
  const left = ['executor-api', 'pattern-worker', 'pack-builder'].filter((app) => !runs(instance, app));
  const file = JSON.stringify(environmentFile);
  return [
    `Settings ${environmentFile} (with secrets: yours alone)`,
    ...left.map((app) => `Debug    node --env-file=${file} --inspect apps/${app}/dist/main.js`),
  ];
}

function booksOf({ books, pack }: Running): Readonly<Record<string, unknown>> {
  return {
    ledger: books.identity,
    kind: books.kind,
    ref: books.ref,
    ledger_commit_hash: books.commit,
    prices_dir: books.pricesDir,
    newest_price: books.prices.newest ?? null,
    today: books.today,
    portfolios: books.snapshot.portfolios().map(({ id }) => id),
    pack: pack.state,
    pack_failure: pack.failure ?? null,
  };
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
    runs(instance, 'executor-api')
      ? `API      ${instance.api_url}   browsable at ${instance.api_url}/docs`
      : `API      not started; its port is ${new URL(instance.api_url).port}`,
    ...instance.processes.map(
      (process, index) =>
        `${index === 0 ? 'Metrics ' : '        '} ${`${process.operations_url}/metrics`.padEnd(34)} ${process.name}`,
    ),
    `Logs     ${instance.processes[0]?.log.replace(/[^/\\]*$/, '') ?? ''}`,
  ];
}
