import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { buildProgram } from '../src/program';
import { createTerminal } from '../src/terminal/terminal';

const ROOT = join(__dirname, '..', '..', '..');
const PAGES = ['README.md', 'ARCHITECTURE.md', 'docs/**/*.md', 'libs/*/README.md', 'examples/*/README.md'];
/** In a page's code: `./dawsos` to its end, without what the shell takes and without a comment. */
const COMMAND = /\.\/dawsos ([a-z][^`|#>\n\\]*)/g;

const program = buildProgram({
  terminal: createTerminal({ stdout: process.stdout, stderr: process.stderr, environment: {} }),
  environment: {},
  now: Date.now,
});

const documented = PAGES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(COMMAND)].map(
    ([, words = '']) => [`${page}: dawsos ${words.trim()}`, words.trim().split(/\s+/)] as const,
  ),
);

/** The command that the first words name, and the words that are left for it. */
function find(from: Command, words: readonly string[]): [Command, readonly string[]] {
  const [first, ...rest] = words;
  const next = from.commands.find((command) => command.name() === first);
  return next === undefined ? [from, words] : find(next, rest);
}

/** What the command line would be refused for. */
function faultsOf(words: readonly string[]): string[] {
  const [command, rest] = find(program, words);
  if (command === program) return [`there is no command ${words[0] ?? ''}`];
  if (command.name() === 'test') return [];
  const { operands, unknown } = command.parseOptions([...rest]);
  const foreign = program.parseOptions([...unknown]).unknown;
  const required = command.registeredArguments.filter((argument) => argument.required).length;
  const isGroup = command.commands.length > 0;
  return [
    ...foreign.map((option) => `${command.name()} does not take ${option}`),
    ...(operands.length < required ? [`${command.name()} needs ${String(required)} arguments`] : []),
    ...(isGroup && operands.length > 0 ? [`there is no ${command.name()} ${operands[0] ?? ''}`] : []),
  ];
}

test('the pages name commands', () => {
  expect(documented.length).toBeGreaterThan(20);
  expect(faultsOf(['keys', 'create', '--principal', 'team'])).not.toEqual([]);
  expect(faultsOf(['keys', 'mke'])).not.toEqual([]);
});

test.each(documented)('%s', (_, words) => {
  expect(faultsOf(words)).toEqual([]);
});
