import tab from '@bomb.sh/tab/commander';
import { PortfolioSummarySchema } from '@dawsos/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { ApiClient } from '../api/client';
import { PatternListSchema, RunPageSchema } from '../api/schemas';
import { clientOf, type CliContext } from '../context';

const ANSWER_WITHIN_MS = 400;

/** What the system that runs here can complete: nothing where none answers at once. */
export interface Completions {
  readonly runs: readonly string[];
  readonly patterns: readonly string[];
  readonly portfolios: readonly string[];
  /** Inputs of the pattern that stands on the line, each with its `=`. */
  readonly inputs: readonly string[];
}

const NOTHING: Completions = { runs: [], patterns: [], portfolios: [], inputs: [] };

/** `dawsos completion SHELL` prints the script; the shell then asks by the hidden `complete -- WORDS…`. */
export function addCompletion(program: Command, known: Completions): void {
  const completion = tab(program, { completionCommandName: 'completion' });
  const argument = (command: string, name: string, values: readonly string[], kind: string) => {
    const found = completion.commands.get(command)?.arguments.get(name);
    if (found === undefined) return;
    found.handler = (complete) => {
      for (const value of values) complete(value, kind);
    };
  };
  const option = (command: string, name: string, values: readonly string[], kind: string) => {
    const found = completion.commands.get(command)?.options.get(name);
    if (found === undefined) return;
    found.handler = (complete) => {
      for (const value of values) complete(value, kind);
    };
  };
  for (const name of ['get', 'show', 'watch', 'cancel', 'explain'])
    argument(`runs ${name}`, 'id', known.runs, 'run');
  argument('export', 'run', known.runs, 'run');
  argument('execute', 'pattern', known.patterns, 'pattern');
  argument('patterns show', 'id', known.patterns, 'pattern');
  option('execute', 'portfolio', known.portfolios, 'portfolio');
  option('packs gaps', 'portfolio', known.portfolios, 'portfolio');
  option('execute', 'input', known.inputs, 'input');
}

const PortfolioListSchema = z.looseObject({ portfolios: z.array(PortfolioSummarySchema) });

/** Asks for the words of the command that is being completed. */
export async function wordsToComplete(context: CliContext, argv: readonly string[]): Promise<Completions> {
  if (argv[0] !== 'complete') return NOTHING;
  try {
    const late = new Promise<Completions>((resolve) => {
      setTimeout(() => resolve(NOTHING), ANSWER_WITHIN_MS).unref();
    });
    return await Promise.race([ask(clientOf(context, {}), argv), late]);
  } catch {
    return NOTHING;
  }
}

async function ask(client: ApiClient, argv: readonly string[]): Promise<Completions> {
  const wanted = (...words: readonly string[]) => words.some((word) => argv.includes(word));
  const [runs, patterns, portfolios] = await Promise.all([
    wanted('runs', 'export') ? client.get('/v1/runs?page_size=20', RunPageSchema) : undefined,
    wanted('execute', 'patterns') ? client.get('/v1/patterns', PatternListSchema) : undefined,
    wanted('execute', 'gaps') ? client.get('/v1/portfolios', PortfolioListSchema) : undefined,
  ]);
  const pattern = patterns?.patterns.find(({ id }) => argv.includes(id));
  const inputs = z.looseObject({ inputs: z.record(z.string(), z.unknown()) }).safeParse(pattern);
  return {
    runs: runs?.runs.map((run) => run.run_id) ?? [],
    patterns: patterns?.patterns.map(({ id }) => id) ?? [],
    portfolios: portfolios?.portfolios.map((portfolio) => portfolio.portfolio_id) ?? [],
    inputs: inputs.success ? Object.keys(inputs.data.inputs).map((name) => `${name}=`) : [],
  };
}
