import { Command } from 'commander';
import { addCapabilities } from './commands/capabilities';
import { addConfig } from './commands/config';
import { addDb } from './commands/db';
import { addDemo } from './commands/demo';
import { addExecute } from './commands/execute';
import { addExport } from './commands/export';
import { addKeys } from './commands/keys';
import { addLedger } from './commands/ledger';
import { addPacks } from './commands/packs';
import { addPatterns } from './commands/patterns';
import { addPortfolios } from './commands/portfolios';
import { addPii } from './commands/pii';
import { addRights } from './commands/rights';
import { addRuns } from './commands/runs';
import { addUp } from './commands/up';
import { addVersion } from './commands/version';
import type { CliContext } from './context';
import { addExamples } from './examples';

const ROOT_EXAMPLES = `Examples:
  dawsos demo                                   start, ask, show the answer and its proof
  dawsos up                                     start everything and serve
  dawsos execute portfolio_overview --portfolio growth --wait
  dawsos runs list --status failed
  dawsos runs show RUN                          the steps and the trace of a run
  dawsos export RUN --format xlsx               its result as a file
  dawsos ledger check examples/ledger/main.beancount
  dawsos test                                   every check and test
`;

const EXIT_CODES = `
Exit codes: 0 done, 64 usage, 65 bad data, 66 no such input, 69 service down, 70 fault of ours,
75 try later, 77 refused, 78 configuration, 130 Ctrl-C.`;

/** The command tree. Commands load their libs when they run, so that help and errors are quick. */
export function buildProgram(context: CliContext): Command {
  const program = new Command('dawsos')
    .description('Ask the same questions of your portfolios every day, and get answers that can be trusted.')
    .option('--json', 'print data as JSON')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .option('--url <url>', 'the API to speak to (default: DAWSOS_URL, else the one that runs here)')
    .option('--data <dir>', 'the data folder (default: DAWSOS_DATA, else .dawsos/data)')
    .addHelpText('before', ROOT_EXAMPLES)
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: (text) => context.terminal.print(text.trimEnd()) })
    .exitOverride();
  addDemo(program, context);
  addUp(program, context);
  addExecute(program, context);
  addRuns(program, context);
  addPatterns(program, context);
  addPortfolios(program, context);
  addCapabilities(program, context);
  addPacks(program, context);
  addLedger(program, context);
  addExport(program, context);
  addRights(program, context);
  addPii(program, context);
  addDb(program, context);
  addKeys(program, context);
  addConfig(program, context);
  program.command('test').description('run every check and test (by the launcher)');
  addVersion(program, context);
  addExamples(program);
  return program;
}
