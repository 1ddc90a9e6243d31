import { join, relative } from 'node:path';
import { isDawsosError } from '@dawsos/contracts';
import type { Ledger, LedgerRepository, LedgerSnapshot } from '@dawsos/ledger';
import { EXIT } from '@dawsos/service';
import { CliError } from '../cli-error';
import type { LedgerPlace } from './locate-ledger';

/** A ledger that services can be started on. */
export interface OpenedBooks {
  readonly snapshot: LedgerSnapshot;
  readonly repository: LedgerRepository;
  /** The repository that the services read: the ledger's own, or the one that holds its pins. */
  readonly repo: string;
  readonly ref: string;
  readonly commit: string;
}

const ERRORS_SHOWN = 10;

/**
 * Opens the committed ledger of a repository at `ref`, else at the branch that is checked out.
 * @throws CliError that names what is missing, and the branches that there are
 */
export async function openCommitted(place: LedgerPlace, ref: string | undefined): Promise<OpenedBooks> {
  const { openLedgerRepository } = await import('@dawsos/ledger');
  const { root: dir, file, acceptedPlugins = [] } = place;
  const repository = openLedgerRepository({ dir, file, acceptedPlugins });
  const { current, all } = await repository.branches();
  const branches = all.length === 0 ? 'it has no commit yet' : `its branches: ${all.join(', ')}`;
  const chosen = ref ?? current ?? (all.includes('main') ? 'main' : all.length === 1 ? all[0] : 'HEAD');
  const commit = await repository.resolve(chosen).catch((error: unknown) => {
    if (!isDawsosError(error)) throw error;
    throw new CliError(`the repository ${place.root} has no "${chosen ?? 'HEAD'}"`, EXIT.noInput, {
      cause: ref === undefined ? branches : `LEDGER_REF names it; ${branches}`,
      fix:
        all.length === 0
          ? 'commit the ledger, or read it as it stands with --worktree'
          : `set LEDGER_REF to one of them, such as LEDGER_REF=${current ?? all[0] ?? ''}`,
    });
  });
  const snapshot = await repository.snapshot(commit).catch((error: unknown) => {
    if (!isDawsosError(error)) throw error;
    throw new CliError(
      `${place.file} is not in the commit ${commit.slice(0, 7)} of ${place.root}`,
      EXIT.noInput,
      {
        cause: `"${chosen ?? 'HEAD'}" names that commit; LEDGER_FILE or --ledger names the file`,
        fix: `commit it (git add ${place.file}; git commit), name another file with LEDGER_FILE, or read it as it stands with --worktree`,
      },
    );
  });
  requireNoErrors(snapshot.ledger, place, ` at ${commit.slice(0, 7)}`);
  return { snapshot, repository, repo: place.root, ref: chosen ?? 'HEAD', commit };
}

/** Pins a ledger as it stands, in the repository `store`. @throws CliError that lists its errors */
export async function openAsItStands(place: LedgerPlace, store: string): Promise<OpenedBooks> {
  const { openLedgerRepository, pinLedgerFiles } = await import('@dawsos/ledger');
  const { root, file, acceptedPlugins = [] } = place;
  const pinned = await pinLedgerFiles({
    root,
    file,
    store,
    acceptedPlugins,
    keep: ({ errors }) => errors.length === 0,
  }).catch((error: unknown) => {
    if (!isDawsosError(error)) throw error;
    throw new CliError(`there is no ${join(root, file)}`, EXIT.noInput, {
      fix: 'name the first file of your ledger: dawsos up --ledger FILE',
    });
  });
  requireNoErrors(pinned.ledger, place, '');
  const repository = openLedgerRepository({ dir: store, file, acceptedPlugins });
  const commit = await repository.resolve('main');
  return { snapshot: await repository.snapshot(commit), repository, repo: store, ref: 'main', commit };
}

function requireNoErrors({ errors }: Ledger, place: LedgerPlace, where: string): void {
  if (errors.length === 0) return;
  const path = shownPath(join(place.root, place.file));
  throw new CliError(`the ledger${where} has ${counted(errors.length, 'error')}`, EXIT.badData, {
    cause: errorLines(errors, place).join('\n'),
    fix: `mend the lines named above${where === '' ? '' : ', commit,'} and start again; all of them: dawsos ledger check ${path}`,
  });
}

/** The first ten errors as `file:line: message`, and how many more there are. */
export function errorLines(errors: Ledger['errors'], place: Pick<LedgerPlace, 'root'>): readonly string[] {
  const lines = errors.slice(0, ERRORS_SHOWN).map(({ location, message }) => {
    const file = location.file.startsWith('<') ? location.file : shownPath(join(place.root, location.file));
    return `${file}:${String(location.line)}: ${message}`;
  });
  const more = errors.length - lines.length;
  return more > 0 ? [...lines, `and ${String(more)} more`] : lines;
}

/** As seen from where the person stands, unless that leads far up. */
export function shownPath(path: string): string {
  const from = relative('.', path);
  return from === '' || from.startsWith('..') ? path : from;
}

export const counted = (count: number, noun: string) => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
