import { existsSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isIsoDate, type IsoDate } from '@dawsos/contracts';
import type { Inventory, Ledger, SourceLocation } from '@dawsos/ledger';
import { EXIT } from '@dawsos/service';
import { Command } from 'commander';
import { acceptedPluginsOf } from '../books/accepted-plugins';
import { CliError, usageError } from '../cli-error';
import { optionsOf, type CliContext, type GlobalOptions } from '../context';
import { renderTable } from '../render/table';

const DEFAULT_FILE = 'main.beancount';

interface LedgerCommandOptions extends GlobalOptions {
  readonly ref?: string;
  readonly file?: string;
}
interface PositionsOptions extends LedgerCommandOptions {
  readonly date?: string;
}

/** One lot, as `ledger positions --json` prints it: numbers as text with Beancount's digits. */
interface PositionRow {
  readonly account: string;
  readonly units: string;
  readonly currency: string;
  readonly cost_number: string | null;
  readonly cost_currency: string | null;
  readonly cost_date: string | null;
  readonly cost_label: string | null;
}

/** A loaded ledger, and how its files are called from where the person stands. */
interface OpenedLedger {
  readonly ledger: Ledger;
  readonly pathOf: (location: SourceLocation) => string;
}

/** `dawsos ledger check` and `dawsos ledger positions`: on a file or a repository, without any service. */
export function ledgerCommand(context: CliContext): Command {
  const ledger = new Command('ledger').description(
    'check a Beancount ledger, list what it holds; needs no service',
  );
  onLedger(ledger.command('check'))
    .description('report every error of a ledger')
    .action(async (path: string, _options: unknown, command: Command) => {
      const options = optionsOf<LedgerCommandOptions>(command);
      check(context, await openLedger(context, path, options), options.json === true);
    });
  onLedger(ledger.command('positions'))
    .option('--date <date>', 'at the end of this day (YYYY-MM-DD); by default after the last entry')
    .description('list the lots that each account holds')
    .action(async (path: string, _options: unknown, command: Command) => {
      await listPositions(context, path, optionsOf<PositionsOptions>(command));
    });
  return ledger;
}

export function addLedger(program: Command, context: CliContext): void {
  program.addCommand(ledgerCommand(context).copyInheritedSettings(program));
}

function onLedger(command: Command): Command {
  return command
    .argument('<file>', "the ledger's first file, or the folder of a git repository")
    .option('--ref <ref>', 'read it at this branch, tag or commit, not from the work tree')
    .option('--file <path>', `the first file in a repository (default: LEDGER_FILE, else ${DEFAULT_FILE})`)
    .option('--json', 'print data as JSON');
}

async function openLedger(
  context: CliContext,
  path: string,
  options: LedgerCommandOptions,
): Promise<OpenedLedger> {
  const { loadLedger, openLedgerRepository } = await import('@dawsos/ledger');
  const { root, file, inWorkTree } = locate(context, path, options);
  const acceptedPlugins = acceptedPluginsOf(context.environment);
  const shown = (name: string) => (isAbsolute(path) ? join(root, name) : relative('.', join(root, name)));
  const pathOf = (location: SourceLocation) =>
    location.file.startsWith('<') ? location.file : shown(location.file);
  if (options.ref === undefined && inWorkTree) {
    return { ledger: await loadLedger({ root, file, acceptedPlugins }), pathOf };
  }
  const repository = openLedgerRepository({ dir: root, file, acceptedPlugins });
  const { ledger } = await repository.snapshot(await repository.resolve(options.ref));
  return { ledger, pathOf };
}

/** The root that includes may not leave (the repository's, else the file's folder) and the file's path from it. */
function locate(context: CliContext, path: string, options: LedgerCommandOptions) {
  const target = resolve(path);
  const facts = statSync(target, { throwIfNoEntry: false });
  if (facts?.isDirectory() === true) {
    const file = options.file ?? (context.environment['LEDGER_FILE'] || DEFAULT_FILE);
    const isRepository = existsSync(join(target, '.git')) || existsSync(join(target, 'objects'));
    return { root: target, file, inWorkTree: !isRepository || existsSync(join(target, file)) };
  }
  if (facts === undefined && options.ref === undefined) {
    throw new CliError(`there is no ${path}`, EXIT.noInput, { fix: 'check the path' });
  }
  const root = repositoryAbove(dirname(target)) ?? dirname(target);
  return {
    root,
    file: relative(root, target).replaceAll('\\', '/') || basename(target),
    inWorkTree: facts !== undefined,
  };
}

function repositoryAbove(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryAbove(parent);
}

function check({ terminal }: CliContext, { ledger, pathOf }: OpenedLedger, asJson: boolean): void {
  const errors = ledger.errors.map(({ location, message }) => ({
    file: pathOf(location),
    line: location.line,
    message,
  }));
  if (asJson) terminal.json({ errors, plugins_not_run: ledger.pluginsNotRun });
  else for (const error of errors) terminal.note(`${error.file}:${error.line}: ${error.message}`);
  notePlugins(terminal, ledger);
  if (errors.length > 0) {
    throw new CliError(`the ledger has ${counted(errors.length, 'error')}`, EXIT.badData, {
      fix: 'mend the lines named above and check again',
    });
  }
  terminal.note(
    `no error in ${counted(ledger.files.length, 'file')}, ${counted(ledger.entries.length, 'directive')}`,
  );
}

async function listPositions(context: CliContext, path: string, options: PositionsOptions): Promise<void> {
  const { date } = options;
  if (date !== undefined && !isIsoDate(date))
    throw usageError(`"${date}" is not a day`, 'write it as YYYY-MM-DD');
  const { ledger } = await openLedger(context, path, options);
  const { inventoriesAt } = await import('@dawsos/ledger');
  const rows = positionRows(inventoriesAt(ledger.entries, date satisfies IsoDate | undefined));
  const { terminal } = context;
  if (options.json === true) terminal.json(rows);
  else for (const line of positionTable(rows)) terminal.print(line);
  notePlugins(terminal, ledger);
  if (ledger.errors.length > 0) {
    terminal.note(
      `the ledger has ${counted(ledger.errors.length, 'error')}: run "dawsos ledger check ${path}"`,
    );
  }
}

function positionRows(inventories: ReadonlyMap<string, Inventory>): readonly PositionRow[] {
  return [...inventories].flatMap(([account, inventory]) =>
    [...inventory].map(({ units, cost }) => ({
      account,
      units: units.number.toString(),
      currency: units.currency,
      cost_number: cost?.number.toString() ?? null,
      cost_currency: cost?.currency ?? null,
      cost_date: cost?.date ?? null,
      cost_label: cost?.label ?? null,
    })),
  );
}

function positionTable(rows: readonly PositionRow[]): readonly string[] {
  const left = (title: string) => ({ title, align: 'left' as const });
  const right = (title: string) => ({ title, align: 'right' as const });
  return renderTable(
    [left('account'), right('units'), left('currency'), right('cost'), left(''), left('date'), left('label')],
    rows.map((row) => [
      row.account,
      row.units,
      row.currency,
      row.cost_number ?? '',
      row.cost_currency ?? '',
      row.cost_date ?? '',
      row.cost_label ?? '',
    ]),
  );
}

function notePlugins(terminal: CliContext['terminal'], ledger: Ledger): void {
  const { pluginsNotRun, pluginsWithoutEffect } = ledger;
  if (pluginsNotRun.length > 0) terminal.note(`plugins not run: ${pluginsNotRun.join(', ')}`);
  if (pluginsWithoutEffect.length > 0) {
    terminal.note(`plugins that change no figure, and are not run: ${pluginsWithoutEffect.join(', ')}`);
  }
}

const counted = (count: number, noun: string) => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
