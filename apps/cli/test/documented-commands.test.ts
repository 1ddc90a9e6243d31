import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { EXAMPLES } from '../src/examples';
import { buildProgram } from '../src/program';
import { createTerminal } from '../src/terminal/terminal';

const ROOT = join(__dirname, '..', '..', '..');
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'docs/**/*.md',
  'libs/*/README.md',
  'examples/**/README.md',
];
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

/** Files and folders that a page names in code, as far as they are the repository's own. */
const PATH =
  /`((?:apps|libs|tools|e2e|docs|examples|patterns|rights|k8s|observability)\/[\w./-]*[\w/])(?::\d+)?`/g;
const LINK = /\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g;
/** Written by the reader. */
const OF_THE_READER: ReadonlySet<string> = new Set(['patterns/cash.json']);
const pages = PAGES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).filter(
  (page) => !page.includes('node_modules'),
);
const named = pages.flatMap((page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const paths = [...text.matchAll(PATH)].map(([, path = '']) => path);
  const links = [...text.matchAll(LINK)].map(([, link = '']) => join(dirname(page), link));
  return [...new Set([...paths, ...links])]
    .filter((path) => !OF_THE_READER.has(path))
    .map((path) => [page, path] as const);
});

test('the pages name files', () => {
  expect(named.length).toBeGreaterThan(40);
});

test.each(named)('%s names %s, which is there', (_, path) => {
  const isExample = /[A-Z]{3,}|NAME|\.\.\./.test(path.replace(/README\.md|LICENSE|[A-Z]+\.md$/g, ''));
  expect(isExample || existsSync(join(ROOT, path))).toBe(true);
});

const leaves = (command: Command, path: readonly string[] = []): readonly string[] =>
  command.commands.flatMap((child) => {
    const name = [...path, child.name()];
    return child.commands.length > 0 ? leaves(child, name) : [name.join(' ')];
  });

test('each command has examples of its own under --help', () => {
  const without = leaves(program).filter((name) => EXAMPLES[name] === undefined);
  expect(without).toEqual([]);
});

const examples = Object.values(EXAMPLES)
  .flat()
  .map((line) => line.split(/ {2,}/)[0] ?? '');
test.each(examples)('%s is a command', (line) => {
  expect(faultsOf(line.replace(/^dawsos /, '').match(/"[^"]*"|\S+/g) ?? [])).toEqual([]);
});
