import { EXIT } from '@dawsos/service';
import { CommanderError } from 'commander';
import { describeError, errorAsJson, exitCodeOf } from './cli-error';
import { addCompletion, wordsToComplete } from './commands/completion';
import { Stopped } from './commands/serve';
import { buildProgram } from './program';
import { createTerminal } from './terminal/terminal';

async function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--no-color')) process.env['NO_COLOR'] = '1';
  const terminal = createTerminal({
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
  });
  const context = { terminal, environment: process.env, now: Date.now };
  try {
    const program = buildProgram(context);
    addCompletion(program, await wordsToComplete(context, argv));
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof Stopped) return error.exitCode;
    // Commander has printed its help or its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (argv.includes('--json')) {
      terminal.json(errorAsJson(error));
      return exitCodeOf(error);
    }
    const [first = '', ...rest] = describeError(error, Boolean(process.env['DAWSOS_DEBUG']));
    terminal.note(terminal.styleNote('red', first));
    for (const line of rest) terminal.note(line);
    return exitCodeOf(error);
  }
}

// A reader that has enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
