import type { Command } from 'commander';

/** Commands as a person would write them, by the command whose help shows them; what follows two blanks explains. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  demo: ['dawsos demo', 'dawsos demo --once  ends after printing'],
  up: [
    'dawsos up  the example ledger',
    'dawsos up --ledger ~/books  a repository, at the branch that is checked out',
    'dawsos up --ledger ~/books/main.beancount  a file; one in no repository is read as it stands',
    'dawsos up --ledger ~/books --worktree  uncommitted changes included',
    'dawsos up --only worker --inspect  one service alone, for a debugger',
  ],
  execute: [
    'dawsos execute portfolio_overview --portfolio growth --wait',
    'dawsos execute performance -p growth -i risk_free_rate=0.03 --wait  3 %, as a fraction',
    'dawsos execute holdings -p all --asof 2025-06-30 --allow-stale --wait',
    'dawsos execute portfolio_overview -p growth --wait --json  the answer as JSON',
    'dawsos patterns show performance  which inputs it takes',
    'dawsos portfolios list  which portfolios there are',
  ],
  'runs list': ['dawsos runs list --status failed', 'dawsos runs list --pattern holdings -n 5 --json'],
  'runs get': ['dawsos runs get latest', 'dawsos runs get latest --json'],
  'runs show': ['dawsos runs show latest'],
  'runs explain': ['dawsos runs explain latest'],
  'runs watch': ['dawsos runs watch latest'],
  'runs cancel': ['dawsos runs cancel 4f6a1c1e-5a51-4b5e-9a37-0d5d4f3f8f10'],
  'patterns list': ['dawsos patterns list'],
  'patterns show': ['dawsos patterns show portfolio_overview'],
  'patterns lint': ['dawsos patterns lint patterns/holdings.json'],
  capabilities: ['dawsos capabilities'],
  'portfolios list': ['dawsos portfolios list'],
  'packs list': ['dawsos packs list -n 5'],
  'packs get': ['dawsos packs get PP_2025-10-22'],
  'packs gaps': [
    'dawsos packs gaps  of the whole ledger, in the pack that a run would get',
    'dawsos packs gaps --portfolio growth',
    'dawsos packs gaps --format csv  rows to fill in, for the price folder',
  ],
  'packs build': [
    'dawsos packs build  of the newest day that has prices',
    'dawsos packs build --asof 2025-06-30',
    'dawsos packs build --restate "more prices"  where one is sealed already',
  ],
  'ledger check': [
    'dawsos ledger check examples/ledger/main.beancount',
    'dawsos ledger check ~/books --ref draft  a repository at a branch',
  ],
  'ledger positions': ['dawsos ledger positions examples/ledger/main.beancount --date 2025-06-30'],
  export: ['dawsos export latest --format pdf', 'dawsos export latest --format xlsx --out report.xlsx'],
  'rights show': ['dawsos rights show latest'],
  'rights usage': ['dawsos rights usage'],
  'rights lint': ['dawsos rights lint rights/registry.yaml'],
  'pii check': ['dawsos pii check event.json'],
  'db migrate': ['dawsos db migrate'],
  'db schema': ['dawsos db schema'],
  'keys create': [
    'dawsos keys create team --file keys.json',
    'dawsos keys create auditor --file keys.json --scopes read --portfolios growth,income',
  ],
  'keys list': ['dawsos keys list --file keys.json'],
  'keys revoke': ['dawsos keys revoke KEY_ID --file keys.json'],
  config: ['dawsos config', 'dawsos config --json'],
  test: ['dawsos test', 'dawsos test unit libs/patterns/src/template.test.ts'],
  version: ['dawsos version'],
};

/** Puts the examples below the help of each command that has some. */
export function addExamples(program: Command, path: readonly string[] = []): void {
  for (const command of program.commands) {
    const name = [...path, command.name()];
    const lines = EXAMPLES[name.join(' ')];
    if (lines !== undefined)
      command.addHelpText('after', () => ['', 'Examples:', ...aligned(lines)].join('\n'));
    addExamples(command, name);
  }
}

function aligned(lines: readonly string[]): readonly string[] {
  const parts = lines.map((line) => line.split(/ {2,}/));
  const width = Math.max(...parts.map(([command = '']) => command.length));
  return parts.map(([command = '', note]) =>
    note === undefined ? `  ${command}` : `  ${command.padEnd(width)}   ${note}`,
  );
}
