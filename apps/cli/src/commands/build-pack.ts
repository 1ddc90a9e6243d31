import { join } from 'node:path';
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
import type { BuildProgress, PackInputs } from '@dawsos/pricing';
import { z } from 'zod';
import type { ApiClient } from '../api/client';
import { usageError } from '../cli-error';
import { clientOf, instanceOf, placesOf, type CliContext, type GlobalOptions } from '../context';
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
}

type Options = BuildOptions & GlobalOptions;

const REQUESTED_BY = 'dawsos packs build';
const LOOK_MS = 200;
const PROVIDER_VARIABLES = [
  'FMP_API_KEY',
  'FMP_URL',
  'POLYGON_API_KEY',
  'POLYGON_URL',
  'PROVIDER_HISTORY_DAYS',
  'PROVIDER_REQUESTS_PER_MINUTE',
] as const;

/**
 * Builds a pack as the pack builder does: by asking the API that --url or DAWSOS_URL names, else in this process, on
 * the database and the sources of the configuration.
 * @throws DawsosError with the code that the build ended with
 */
export async function buildPackNow(context: CliContext, options: Options): Promise<BuiltNow> {
  const remote = options.url ?? context.environment['DAWSOS_URL'];
  return remote === undefined || remote === ''
    ? buildHere(context, options)
    : buildThere(context.terminal, clientOf(context, options), options);
}

async function buildThere(terminal: Terminal, client: ApiClient, options: Options): Promise<BuiltNow> {
  const asofDate = dayOf(options.asof);
  const body = {
    ...(asofDate === undefined ? {} : { asof_date: asofDate }),
    ...(options.restate === undefined ? {} : { restate: { reason: options.restate } }),
  };
  const { body: asked } = await client.post('/v1/packs', body, PackBuildSchema);
  const address = `/v1/pack-builds/${asked.build_id}`;
  for await (const event of client.events(`${address}/events`, new AbortController().signal)) {
    const { data } = PackBuildEventSchema.parse(JSON.parse(event.data));
    const progress = z
      .object({ phase: z.string(), rows_done: z.number(), rows_total: z.number().nullable() })
      .safeParse(data);
    if (progress.success) draw(terminal, progress.data);
  }
  const build = await client.get(address, PackBuildSchema);
  const id = packIdOf(build);
  return { pack: await client.get(`/v1/packs/${id}`, PackSummarySchema), created: build.created === true };
}

async function buildHere(context: CliContext, options: Options): Promise<BuiltNow> {
  const { createPackBuilds, createPackStore, runBuild } = await import('@dawsos/pricing');
  const { environment, terminal, now } = context;
  return withDatabase(context, options, async (database) => {
    const store = createPackStore(database);
    const builds = createPackBuilds({ database });
    const { build } = await builds.request({
      asofDate: dayOf(options.asof),
      policy: environment['PACK_POLICY'],
      restate: options.restate === undefined ? undefined : { reason: options.restate },
      requestedBy: REQUESTED_BY,
    });
    const inputs = await inputsOf(context, options);
    const today = dayOf(environment['TODAY']) ?? latestDay();
    const onProgress = ({ phase, rowsDone = 0, rowsTotal = null }: BuildProgress): void =>
      draw(terminal, { phase, rows_done: rowsDone, rows_total: rowsTotal });
    const outcome = await runBuild(
      { database, builds, store, inputs, today: () => today, now, onProgress },
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

/** Whatever its day, what the sources hold was asked for. */
function latestDay(): IsoDate {
  return isoDate('9999-12-31');
}

/** What the pack builder reads, from the same variables; without them, the example. */
async function inputsOf(context: CliContext, options: GlobalOptions): Promise<() => Promise<PackInputs>> {
  const { packInputs } = await import('@dawsos/pricing');
  const { openLedgerRepository } = await import('@dawsos/ledger');
  const { endOfDaySources } = await import('@dawsos/market-data');
  const { parseConfiguration } = await import('@dawsos/configuration');
  const { environment } = context;
  const configuration = parseConfiguration(environment, PROVIDER_VARIABLES);
  const places = placesOf(context, options);
  const dir =
    environment['LEDGER_REPO'] ??
    instanceOf(context, options)?.ledger_repo ??
    join(places.data, 'example-ledger');
  return packInputs({
    ledger: openLedgerRepository({ dir, file: environment['LEDGER_FILE'] ?? 'main.beancount' }),
    ledgerRef: environment['LEDGER_REF'] ?? 'main',
    pricesDir: environment['PRICES_DIR'] ?? join(places.root, 'examples', 'market'),
    providers: {
      sources: endOfDaySources(configuration),
      historyDays: configuration.PROVIDER_HISTORY_DAYS,
    },
  });
}
