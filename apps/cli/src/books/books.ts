import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isIsoDate, type IsoDate } from '@dawsos/contracts';
import { EXIT } from '@dawsos/service';
import { CliError } from '../cli-error';
import type { Environment } from '../context';
import type { Places } from '../places';
import { acceptedPluginsOf } from './accepted-plugins';
import { identityOf, locateLedger, type LedgerPlace } from './locate-ledger';
import { counted, openAsItStands, openCommitted, type OpenedBooks } from './open-ledger';
import { readPriceFacts, type PriceFacts } from './price-facts';

/** Which ledger an instance is to serve, before it is opened. */
export interface ChosenLedger {
  /** `example`: the one that ships; `committed`: of a repository; the others as they stand, pinned by content. */
  readonly kind: 'example' | 'committed' | 'worktree' | 'plain';
  /** Undefined of the example, which is made in the data folder. */
  readonly place: LedgerPlace | undefined;
}

/** A ledger, its prices and its day, read and found right: what an instance serves. */
export interface Books extends OpenedBooks {
  readonly kind: ChosenLedger['kind'];
  readonly place: LedgerPlace;
  /** What tells this ledger from others: `example`, or the path of its first file. */
  readonly identity: string;
  readonly pricesDir: string;
  readonly pricesFrom: 'example' | 'setting' | 'data folder';
  readonly sourcesDir: string | undefined;
  readonly prices: PriceFacts;
  readonly today: IsoDate;
  readonly todayFrom: 'setting' | 'example' | 'clock';
}

export interface BooksOptions {
  readonly ledger?: string | undefined;
  readonly worktree?: boolean | undefined;
}

const EXAMPLE = 'example';

/** @throws CliError when there is no such ledger */
export function chooseLedger(environment: Environment, options: BooksOptions): ChosenLedger {
  const path = options.ledger ?? (environment['LEDGER_REPO'] || undefined);
  if (path === undefined) {
    if (options.worktree === true) {
      throw new CliError('--worktree needs a ledger of your own', EXIT.usage, {
        fix: 'name it: dawsos up --ledger PATH --worktree',
      });
    }
    return { kind: 'example', place: undefined };
  }
  const setting = options.ledger === undefined ? 'LEDGER_REPO' : '--ledger';
  const place = {
    ...locateLedger(path, environment['LEDGER_FILE'] || undefined, setting),
    acceptedPlugins: acceptedPluginsOf(environment),
  };
  if (options.worktree === true) return { kind: 'worktree', place };
  return { kind: place.inRepository ? 'committed' : 'plain', place };
}

/** Each ledger has a data folder of its own, unless one is named: packs of two ledgers never lie side by side. */
export function dataFolderFor(places: Places, { place }: ChosenLedger): string {
  if (place === undefined || places.isNamed) return places.data;
  const identity = identityOf(place);
  const name = basename(place.root).replace(/[^\w-]+/g, '-') || 'books';
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 8);
  return join(places.booksFolder, `${name}-${hash}`);
}

/**
 * Opens what was chosen; `data` is the folder of the instance that is to serve it.
 * @throws CliError, DawsosError that name what is wrong: a setting, or file and line
 */
export async function openBooks(
  chosen: ChosenLedger,
  from: { readonly root: string; readonly data: string; readonly environment: Environment },
): Promise<Books> {
  const { environment } = from;
  const opened = await open(chosen, from.data, environment);
  const place = chosen.place ?? { root: opened.repo, file: 'main.beancount', inRepository: true };
  const isExample = chosen.kind === 'example';
  const example = join(from.root, 'examples', 'market');
  const named = environment['PRICES_DIR'] || undefined;
  const pricesDir = resolve(named ?? (isExample ? example : ownPriceFolder(from.data)));
  const sources = environment['SOURCES_DIR'] || named || (isExample ? example : undefined);
  const givenDay = environment['TODAY'] || undefined;
  if (givenDay !== undefined && !isIsoDate(givenDay)) throw notADay(givenDay);
  const clock = new Date().toISOString().slice(0, 10) as IsoDate;
  const read = (today: IsoDate) => readPriceFacts(opened.snapshot.ledger, pricesDir, today);
  let prices = await read(givenDay ?? clock);
  const exampleDay = isExample && named === undefined && givenDay === undefined ? prices.newest : undefined;
  if (exampleDay !== undefined) prices = { ...prices, newest: exampleDay };
  return {
    ...opened,
    kind: chosen.kind,
    place,
    identity: isExample ? EXAMPLE : identityOf(place),
    pricesDir,
    pricesFrom: named === undefined ? (isExample ? 'example' : 'data folder') : 'setting',
    sourcesDir: sources === undefined ? undefined : resolve(sources),
    prices,
    today: givenDay ?? exampleDay ?? clock,
    todayFrom: givenDay !== undefined ? 'setting' : exampleDay !== undefined ? 'example' : 'clock',
  };
}

async function open(
  { kind, place }: ChosenLedger,
  data: string,
  environment: Environment,
): Promise<OpenedBooks> {
  if (place === undefined) {
    const { createExampleLedgerRepository } = await import('../example-repository.js');
    const { dir } = await createExampleLedgerRepository(join(data, 'example-ledger'));
    return openCommitted({ root: dir, file: 'main.beancount', inRepository: true }, undefined);
  }
  if (kind === 'committed') return openCommitted(place, environment['LEDGER_REF'] || undefined);
  return openAsItStands(place, join(data, 'pinned-ledger'));
}

/** Where price files of a ledger that names no folder are dropped; made, so that it can be. */
function ownPriceFolder(data: string): string {
  const folder = join(data, 'prices');
  for (const part of ['prices', 'fx']) mkdirSync(join(folder, part), { recursive: true });
  return folder;
}

function notADay(text: string): CliError {
  return new CliError(`TODAY is "${text}", which is not a day`, EXIT.configuration, {
    fix: 'write it as YYYY-MM-DD, or unset it: the day is then the one it is, UTC',
  });
}

/** The first lines of a start: which ledger, which prices, which day. */
export function describeBooks(books: Books): readonly string[] {
  const { snapshot, kind, ref, commit, place, today, todayFrom } = books;
  const { files, entries } = snapshot.ledger;
  const size = `${counted(files.length, 'file')}, ${counted(entries.length, 'directive')}`;
  const at = commit.slice(0, 7);
  const ledger = {
    example: `the example that ships, at ${at}`,
    committed: `${place.root}, ${ref} at ${at}, ${place.file}`,
    worktree: `${join(place.root, place.file)} as it stands, uncommitted changes included, pinned by content as ${at}`,
    plain: `${join(place.root, place.file)} as it stands (in no repository), pinned by content as ${at}`,
  }[kind];
  const from = { setting: 'TODAY', example: "the example's last day", clock: 'UTC' }[todayFrom];
  return [`Ledger   ${ledger} (${size})`, `Prices   ${pricesText(books)}`, `Today    ${today} (${from})`];
}

function pricesText({ prices, pricesDir, pricesFrom }: Books): string {
  const { ofLedger, ofFiles, complete, newest, needsNone } = prices;
  const folder = pricesFrom === 'example' ? "the example's files" : pricesDir;
  const parts = [
    ...(ofLedger > 0 ? [`${ofLedger.toLocaleString('en')} of the ledger's own`] : []),
    ...(ofFiles > 0 ? [`${complete ? '' : 'more than '}${ofFiles.toLocaleString('en')} in ${folder}`] : []),
  ];
  if (parts.length === 0) {
    return needsNone
      ? 'none, and none is needed: the ledger holds money of one currency'
      : `none yet; put price files into ${pricesDir}`;
  }
  return `${parts.join(', ')}; newest ${newest ?? 'after today'}`;
}
