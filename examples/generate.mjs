/**
 * Writes the example ledger and its files of prices, rates, macro series, statements and news; the same files each time. `--check` writes nothing and
 * exits 1 when a committed file differs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accountsFile, commoditiesFile, mainFile } from './generator/declarations.mjs';
import { companyFiles } from './generator/companies.mjs';
import { macroFiles } from './generator/macro.mjs';
import { generateMarket, marketFiles } from './generator/market.mjs';
import { tellStory } from './generator/story.mjs';

/** All files by their path under examples/. */
export function generateExamples() {
  const market = generateMarket();
  const files = new Map([...marketFiles(market), ...macroFiles(), ...companyFiles()]);
  files.set('ledger/main.beancount', mainFile());
  files.set('ledger/commodities.beancount', commoditiesFile());
  files.set('ledger/accounts.beancount', accountsFile());
  for (const [year, text] of tellStory(market).files()) files.set(`ledger/years/${year}.beancount`, text);
  return files;
}

if (import.meta.main) {
  const checkOnly = process.argv.includes('--check');
  const different = [];
  for (const [path, text] of generateExamples()) {
    const target = join(import.meta.dirname, path);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    different.push(path);
    if (checkOnly) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  const verb = checkOnly ? 'differs from what the generator writes' : 'written';
  for (const path of different) process.stdout.write(`${path} ${verb}\n`);
  if (checkOnly && different.length > 0) process.exitCode = 1;
}
