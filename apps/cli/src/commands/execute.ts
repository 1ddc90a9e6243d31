import { isDawsosError, RunSchema, type ExecuteRequestBody, type Run } from '@dawsos/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { ApiClient } from '../api/client';
import { PatternSchema } from '../api/schemas';
import { usageError } from '../cli-error';
import { clientOf, optionsOf, type CliContext } from '../context';
import { outcomeOf, showRun } from './show-run';
import { watchRun } from './watch-run';

interface ExecuteOptions {
  readonly input: readonly string[];
  readonly portfolio?: string;
  readonly asof?: string;
  readonly pack?: string;
  readonly ref?: string;
  readonly allowStale?: boolean;
  readonly maxStalenessBps?: string;
  readonly waitForFresh?: string | true;
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
}

const AcceptedSchema = z.looseObject({ run_id: z.uuid(), status: z.string() });

export function addExecute(program: Command, context: CliContext): void {
  program
    .command('execute')
    .argument('<pattern>', 'the id of the pattern')
    .description('run a pattern')
    .option('-i, --input <name=value>', 'an input; JSON, or text as it is (again for more)', collect, [])
    .option('-p, --portfolio <id>', 'the portfolio')
    .option('--asof <date>', 'the day to answer for, YYYY-MM-DD')
    .option('--pack <id>', 'the pricing pack')
    .option('--ref <ref>', 'the branch, tag or commit of the ledger')
    .option('--allow-stale', 'take a stale pack')
    .option(
      '--max-staleness-bps <n>',
      'take old prices that can have moved the value by so many basis points at most',
    )
    .option('--wait-for-fresh [seconds]', 'where the pack is not fresh, wait for the build that mends it')
    .option('--idempotency-key <key>', 'submit once, however often this is repeated')
    .option('-w, --wait', 'show the steps live and print the result')
    .action(async (pattern: string, _options: unknown, command: Command) => {
      const options = optionsOf<ExecuteOptions>(command);
      const client = clientOf(context, options);
      const types = options.input.length === 0 ? {} : await inputTypesOf(client, pattern);
      const { body } = await client.post('/v1/execute', requestOf(pattern, options, types), AcceptedSchema, {
        ...(options.idempotencyKey === undefined
          ? {}
          : { 'idempotency-key': JSON.stringify(options.idempotencyKey) }),
      });
      const { terminal } = context;
      if (options.wait !== true) {
        if (options.json === true) terminal.json(body);
        else terminal.print(body.run_id);
        terminal.note(`accepted; watch it with: dawsos runs watch ${body.run_id}`);
        return;
      }
      await watchRun(terminal, client, body.run_id, AbortSignal.timeout(3_600_000));
      const run: Run = await client.get(`/v1/runs/${body.run_id}`, RunSchema);
      await showRun(terminal, client, run, options.json === true);
      outcomeOf(run);
    });
}

/** What the pattern's inputs are; nothing of one that is not there: the request says so. */
async function inputTypesOf(client: ApiClient, pattern: string): Promise<InputTypes> {
  try {
    return (await client.get(`/v1/patterns/${encodeURIComponent(pattern)}`, PatternSchema)).inputs ?? {};
  } catch (error) {
    if (isDawsosError(error) && error.code === 'pattern_not_found') return {};
    throw error;
  }
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function requestOf(pattern: string, options: ExecuteOptions, types: InputTypes): ExecuteRequestBody {
  return {
    pattern_id: pattern,
    inputs: Object.fromEntries(options.input.map((text) => parseInput(text, types))),
    ...(options.portfolio === undefined ? {} : { portfolio_id: options.portfolio }),
    ...(options.asof === undefined ? {} : { asof_date: options.asof }),
    ...(options.pack === undefined ? {} : { pricing_pack_id: options.pack }),
    ...(options.ref === undefined ? {} : { ledger_ref: options.ref }),
    ...(options.allowStale === true ? { allow_stale: true } : {}),
    ...(options.maxStalenessBps === undefined
      ? {}
      : { max_staleness_bps: numberOf('--max-staleness-bps', options.maxStalenessBps) }),
    ...waitOf(options.waitForFresh),
  };
}

function waitOf(wait: string | true | undefined): Partial<ExecuteRequestBody> {
  if (wait === undefined) return {};
  const seconds = wait === true ? {} : { wait_for_fresh_seconds: numberOf('--wait-for-fresh', wait) };
  return { wait_for_fresh: true, ...seconds };
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw usageError(`${option} ${text} is not a number`, `write for example: ${option} 25`);
}

type Json = z.output<ReturnType<typeof z.json>>;
type InputTypes = Readonly<Record<string, { readonly type: string }>>;

/** Types whose value is text: what is written is sent as it is, `rate=0.03` as "0.03". */
const TEXT_TYPES: ReadonlySet<string> = new Set(['decimal', 'string', 'date']);

/**
 * `lookback_days=252` is a number, `name=growth` a text; quotes make a text of anything: `code='"12"'`. What the
 * pattern takes as text or decimal is text without them.
 */
export function parseInput(text: string, types: InputTypes = {}): readonly [string, Json] {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw usageError(`--input ${text} is not name=value`, 'write for example: --input lookback_days=252');
  }
  const name = text.slice(0, equals);
  const value = text.slice(equals + 1);
  const isText = Object.hasOwn(types, name) && TEXT_TYPES.has(types[name]?.type ?? '');
  try {
    const parsed = z.json().parse(JSON.parse(value));
    return [name, isText && typeof parsed !== 'string' && parsed !== null ? value : parsed];
  } catch {
    return [name, value];
  }
}
