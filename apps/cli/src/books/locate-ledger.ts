import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { EXIT } from '@dawsos/service';
import { CliError } from '../cli-error';

export const DEFAULT_FILE = 'main.beancount';
const ENDINGS = ['.beancount', '.bean'];

/** Where a ledger lies on this machine. */
export interface LedgerPlace {
  /** What includes may not leave: the repository's folder, else that of the file. */
  readonly root: string;
  /** The first file, as the path from `root`. */
  readonly file: string;
  readonly inRepository: boolean;
  /** Plugins that may be left out although they may change entries. */
  readonly acceptedPlugins?: readonly string[];
}

/**
 * The ledger that `path` names: a file, a folder or a repository, bare ones included. In a folder the first file is
 * `fileSetting`, else main.beancount, else the only ledger file there is.
 * @throws CliError that names the path, and what lies there instead
 */
export function locateLedger(path: string, fileSetting: string | undefined, setting: string): LedgerPlace {
  const target = resolve(path);
  const facts = statSync(target, { throwIfNoEntry: false });
  if (facts === undefined) {
    throw new CliError(`there is no ${path}`, EXIT.noInput, {
      cause: `${setting} names it`,
      fix: 'name the file, the folder or the repository of your ledger: dawsos up --ledger PATH',
    });
  }
  if (facts.isFile()) {
    const root = repositoryAbove(dirname(target));
    const inRepository = root !== undefined;
    return { root: root ?? dirname(target), file: pathFrom(root ?? dirname(target), target), inRepository };
  }
  if (isBare(target)) return { root: target, file: fileSetting ?? DEFAULT_FILE, inRepository: true };
  const repository = repositoryAbove(target);
  const root = repository ?? target;
  const inRepository = repository !== undefined;
  if (fileSetting !== undefined) {
    const file = root === target ? fileSetting : pathFrom(root, join(target, fileSetting));
    return { root, file, inRepository };
  }
  return { root, file: pathFrom(root, join(target, onlyLedgerIn(target, path, inRepository))), inRepository };
}

/** The folder of the repository that `folder` is in, if any. */
export function repositoryAbove(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryAbove(parent);
}

export function isBare(folder: string): boolean {
  return existsSync(join(folder, 'HEAD')) && existsSync(join(folder, 'objects'));
}

/** What tells one ledger's data folder from another's: the same for each way to name it. */
export function identityOf({ root, file }: LedgerPlace): string {
  return join(realpathSync(root), file);
}

function onlyLedgerIn(folder: string, path: string, inRepository: boolean): string {
  const names = readdirSync(folder).filter((name) => ENDINGS.some((ending) => name.endsWith(ending)));
  if (names.includes(DEFAULT_FILE)) return DEFAULT_FILE;
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  // the branch may have what the work tree has not
  if (only === undefined && inRepository) return DEFAULT_FILE;
  throw new CliError(`${path} has no ${DEFAULT_FILE}`, EXIT.noInput, {
    cause: names.length === 0 ? 'it has no ledger file' : `it has ${names.slice(0, 10).join(', ')}`,
    fix: `name the ledger's first file: dawsos up --ledger ${join(path, only ?? 'FILE.beancount')}`,
  });
}

function pathFrom(root: string, target: string): string {
  return relative(root, target).replaceAll('\\', '/') || basename(target);
}
