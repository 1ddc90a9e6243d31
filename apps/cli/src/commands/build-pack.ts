import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DawsosError,
  isBuildOver,
  isErrorCode,
  isIsoDate,
  isoDate,
  PackBuildEventSchema,
  PackBuildSchema,
  PackSummarySchema,
  type IsoDate,
  type PackBuild,
  type PackSummary,
} from '@dawsos/contracts';
import type { BuildPins, BuildProgress, ReadPackInputs } from '@dawsos/pricing';
import { EXIT } from '@dawsos/service';
import { z } from 'zod';
import type { ApiClient } from '../api/client';
import { BOOK_VARIABLES } from '../books/book-variables';
import { CliError, usageError } from '../cli-error';
import { clientOf, instanceOf, type CliContext, type Environment, type GlobalOptions } from '../context';
import type { Instance } from '../instance';
import type { Terminal } from '../terminal/terminal';
import { withDatabase } from './store';

export interface BuildOptions {
  readonly asof?: string;
  readonly restate?: string;
}

export interface BuiltNow {
  readonly pack: PackSummary;
  /** False when it was there already with this content. */
  readonly created: boolean;
  /** Prices and rates that the sources have now beyond those sealed. */
  readonly sealedWithout?: number | undefined;
}

type Options = BuildOptions & GlobalOptions;

const REQUESTED_BY = 'dawsos packs build';
const LOOK_MS = 200;
const SOURCE_VARIABLES = [
  'LEDGER_REPO',
  'LEDGER_FILE',
  'LEDGER_REF',
  'PRICES_DIR',
  'FMP_API_KEY',
  'FMP_URL',
  'LEDGER_PLUGINS_ACCEPTED',
  'POLYGON_API_KEY',
  'POLYGON_URL',
  'PROVIDER_HISTORY_DAYS',
  'PROVIDER_REQUESTS_PER_MINUTE',
] as const;

/**
 * Builds a pack as the pack builder does: by asking the API that --url or DAWSOS_URL names, else the instance that
 * runs here, which has settings of its own; else in this process, on the database and the sources that are set.
 * @throws DawsosError with the code that the build ended with; CliError where nothing says what to build from
 */
export async function buildPackNow(context: CliContext, options: Options): Promise<BuiltNow> {
  const { environment, terminal } = context;
  const remote = options.url ?? environment['DAWSOS_URL'];
  if (remote !== undefined && remote !== '') return buildThere(terminal, clientOf(context, options), options);
  const instance = instanceOf(context, options);
  if (instance === undefined) return buildHere(context, options);
  requireSameBooks(environment, instance);
  return buildThere(terminal, clientOf(context, options), options);
}

/** @throws CliError where this shell says other books than the instance serves: neither may be taken for the other */
export function requireSameBooks(environment: Environment, { settings, ledger }: Instance): void {
  const others = BOOK_VARIABLES.filter((name) => {
    const here = environment[name];
    if (here === undefined || here === '') return false;
    // The ledger as it was named, where the services read its pins.
    const isSame =
      name === 'LEDGER_REPO' ? sameLedger(here, ledger, settings[name]) : samePath(here, settings[name]);
    return !isSame;
  });
  if (others.length === 0) return;
  throw new CliError(
    'the instance that runs here serves other books than this shell names',
    EXIT.configuration,
    {
      cause: others
        .map((name) => `${name} is ${environment[name] ?? ''} here, and ${settings[name] ?? 'not set'} there`)
        .join('\n'),
      fix: `unset ${others.join(', ')} to work on that instance, or name another with --data or --url`,
    },
  );
}

const sameLedger = (here: string, ledger: string, repo: string | undefined): boolean =>
  samePath(here, repo) || ledger === resolve(here) || ledger.startsWith(`${resolve(here)}/`);

const samePath = (here: string, there: string | undefined): boolean =>
  here === there || (there !== undefined && resolve(here) === resolve(there));

async function buildThere(terminal: Terminal, client: ApiClient, options: Options): Promise<BuiltNow> {
  const asofDate = dayOf(options.asof);
  const body = {
    ...(asofDate === undefined ? {} : { asof_date: asofDate }),
    ...(options.restate === undefined ? {} : { restate: { reason: options.restate } }),
  };
  const { body: asked } = await client.post('/v1/packs', body, PackBuildSchema);
  const address = `/v1/pack-builds/${asked.build_id}`;
  let sealedWithout: number | undefined;
  for await (const event of client.events(`${address}/events`, new AbortController().signal)) {
    const { data } = PackBuildEventSchema.parse(JSON.parse(event.data));
    const progress = z
      .object({ phase: z.string(), rows_done: z.number(), rows_total: z.number().nullable() })
      .safeParse(data);
    if (progress.success) draw(terminal, progress.data);
    const compared = z.object({ sealed_without: z.number() }).safeParse(data);
    if (compared.success) sealedWithout = compared.data.sealed_without;
  }
  const build = await client.get(address, PackBuildSchema);
  const id = packIdOf(build);
  const pack = await client.get(`/v1/packs/${id}`, PackSummarySchema);
  return { pack, created: build.created === true, sealedWithout };
}

async function buildHere(context: CliContext, options: Options): Promise<BuiltNow> {
  const { createPackBuilds, createPackStore, runBuild } = await import('@dawsos/pricing');
  const { environment, terminal, now } = context;
  const { inputs, pins, sources } = await openSources(context);
  return withDatabase(context, options, async (database) => {
    const store = createPackStore(database);
    const builds = createPackBuilds({ database, pins });
    const { build } = await builds.request({
      asofDate: dayOf(options.asof),
      policy: environment['PACK_POLICY'],
      restate: options.restate === undefined ? undefined : { reason: options.restate },
      requestedBy: REQUESTED_BY,
    });
    const today = dayOf(environment['TODAY']) ?? utcDay(new Date(now()));
    const onProgress = ({ phase, rowsDone = 0, rowsTotal = null }: BuildProgress): void =>
      draw(terminal, { phase, rows_done: rowsDone, rows_total: rowsTotal });
    const outcome = await runBuild(
      { database, builds, store, inputs, sources, compare: true, today: () => today, now, onProgress },
      build.build_id,
    );
    if (outcome.kind === 'built') return outcome.stored;
    if (outcome.kind === 'failed') throw outcome.error;
    if (outcome.kind === 'busy') terminal.note('another builder is at this pack; waiting for it');
    const ended = await untilOver(() => builds.find(build.build_id));
    const pack = await store.find(packIdOf(ended));
    if (pack === undefined) throw new DawsosError('pack_not_found', 'The pack that was built is gone.');
    return { pack, created: ended.created === true };
  });
}

async function untilOver(find: () => Promise<PackBuild | undefined>): Promise<PackBuild> {
  for (;;) {
    const build = await find();
    if (build === undefined) throw new DawsosError('pack_build_not_found', 'The build is gone.');
    if (isBuildOver(build.state)) return build;
    await delay(LOOK_MS);
  }
}

/** @throws DawsosError as the build failed */
function packIdOf(build: PackBuild): string {
  if (build.state === 'succeeded' && build.pack_id !== null) return build.pack_id;
  const code =
    build.error_code !== null && isErrorCode(build.error_code) ? build.error_code : 'internal_error';
  const detail = z.looseObject({ message: z.string() }).safeParse(build.error_detail);
  throw new DawsosError(code, detail.success ? detail.data.message : 'The build failed.');
}

function draw(
  terminal: Terminal,
  progress: { readonly phase: string; readonly rows_done: number; readonly rows_total: number | null },
): void {
  const { phase, rows_done: done, rows_total: total } = progress;
  const rows = total === null ? '' : ` ${done.toLocaleString('en')} of ${total.toLocaleString('en')} rows`;
  terminal.redraw(`  … ${phase}${rows}`);
}

function dayOf(text: string | undefined): IsoDate | undefined {
  if (text === undefined || text === '') return undefined;
  if (!isIsoDate(text)) throw usageError(`${text} is not a day`, 'write YYYY-MM-DD');
  return text;
}

const utcDay = (time: Date): IsoDate => isoDate(time.toISOString().slice(0, 10));

/** What the pack builder reads, from the same variables. @throws CliError where no ledger is named */
async function openSources(context: CliContext): Promise<{
  readonly inputs: ReadPackInputs;
  readonly pins: () => Promise<BuildPins>;
  readonly sources: string;
}> {
  const { packInputs, pinsOf, sourcesId } = await import('@dawsos/pricing');
  const { openLedgerRepository } = await import('@dawsos/ledger');
  const { endOfDaySources } = await import('@dawsos/market-data');
  const { parseConfiguration } = await import('@dawsos/configuration');
  const { environment } = context;
  if (!environment['LEDGER_REPO']) {
    throw new CliError('nothing says what to build a pack from', EXIT.unavailable, {
      cause: 'no dawsos runs here, and LEDGER_REPO is not set',
      fix: 'start one with: dawsos up --ledger PATH; or set LEDGER_REPO and DATABASE_URL',
    });
  }
  const configuration = parseConfiguration(environment, SOURCE_VARIABLES);
  const { LEDGER_REPO: dir, LEDGER_FILE: file, LEDGER_REF: ledgerRef, PRICES_DIR: pricesDir } = configuration;
  const ledger = openLedgerRepository({
    dir,
    file,
    acceptedPlugins: configuration.LEDGER_PLUGINS_ACCEPTED,
  });
  const sources = sourcesId(configuration);
  const pins = pinsOf(configuration, ledger);
  const providers = {
    sources: endOfDaySources(configuration),
    historyDays: configuration.PROVIDER_HISTORY_DAYS,
  };
  return {
    inputs: packInputs({ ledger, ledgerRef, pricesDir, providers }),
    pins: async () => ({ ...(await pins()), sources }),
    sources,
  };
}
