import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { executions } from './executions.ts';
import type { Section } from './figures.ts';
import { ledgerLoad } from './ledger-load.ts';
import { report } from './report.ts';
import { submissions } from './submissions.ts';
import { ROOT } from './system.ts';

const PAGE = join(ROOT, 'docs', 'benchmarks.md');

/** `--quick`: small sizes, to see that it works; prints the page instead of writing it. */
async function main(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick');
  const measurements: readonly (() => Promise<Section>)[] = [
    () => submissions(quick ? { rounds: 1, seconds: 1 } : { rounds: 5, seconds: 3 }),
    () => executions(quick ? { rounds: 1, executions: 8 } : { rounds: 4, executions: 30 }),
    () => ledgerLoad(quick ? { rounds: 1, transactions: 2_000 } : { rounds: 2, transactions: 100_000 }),
  ];
  const busy = loadavg()[0] ?? 0;
  const sections: Section[] = [];
  for (const measure of measurements) {
    const section = await measure();
    sections.push(section);
    process.stderr.write(`${section.title}: measured\n`);
  }
  const page = report(sections, new Date().toISOString().slice(0, 10), busy);
  if (quick) process.stdout.write(page);
  else writeFileSync(PAGE, page);
}

await main(process.argv.slice(2));
