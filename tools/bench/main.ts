import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { executions } from './executions.ts';
import type { Section } from './figures.ts';
import { ledgerLoad } from './ledger-load.ts';
import { observabilityOnOff } from './observability-on-off.ts';
import { packBuilds } from './pack-builds.ts';
import { plot } from './plot.ts';
import { queuePath } from './queue-path.ts';
import { report } from './report.ts';
import { submissions } from './submissions.ts';
import { ROOT } from './system.ts';
import { telemetryCost } from './telemetry-cost.ts';

const PAGE = join(ROOT, 'docs', 'benchmarks.md');
const PLOT = join(ROOT, 'docs', 'benchmarks.svg');

/**
 * `--quick`: small sizes, to see that it works; prints the page instead of writing it and its plot. With names
 * (`npm run bench -- pack-builds`) those measurements alone, printed as well.
 */
async function main(args: readonly string[]): Promise<void> {
  const quick = args.includes('--quick');
  const names = args.filter((arg) => !arg.startsWith('--'));
  const all: Readonly<Record<string, () => Promise<Section | readonly Section[]>>> = {
    submissions: () => submissions(quick ? { rounds: 1, seconds: 1 } : { rounds: 5, seconds: 3 }),
    executions: () => executions(quick ? { rounds: 1, executions: 8 } : { rounds: 4, executions: 30 }),
    'queue-path': () => queuePath(quick ? { rounds: 1, jobs: 2_000 } : { rounds: 6, jobs: 10_000 }),
    'observability-on-off': () =>
      observabilityOnOff(
        quick ? { rounds: 1, executions: 4, seconds: 2 } : { rounds: 4, executions: 30, seconds: 15 },
      ),
    'telemetry-cost': () => telemetryCost({ rounds: quick ? 1 : 5, times: quick ? 400 : 4_000 }),
    'ledger-load': () =>
      ledgerLoad(quick ? { rounds: 1, transactions: 2_000 } : { rounds: 2, transactions: 100_000 }),
    'pack-builds': () =>
      packBuilds(
        quick
          ? { rounds: 1, wide: { instruments: 1_000, days: 1 }, long: { instruments: 5, days: 500 } }
          : { rounds: 1, wide: { instruments: 100_000, days: 1 }, long: { instruments: 500, days: 5_218 } },
      ),
  };
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined)
    throw new Error(`no measurement ${unknown}; there are ${Object.keys(all).join(', ')}`);
  const measurements = Object.entries(all).filter(([name]) => names.length === 0 || names.includes(name));
  const busy = loadavg()[0] ?? 0;
  const sections: Section[] = [];
  for (const [, measure] of measurements) {
    const measured = [await measure()].flat();
    sections.push(...measured);
    for (const { title } of measured) process.stderr.write(`${title}: measured\n`);
  }
  const page = report(sections, new Date().toISOString().slice(0, 10), busy);
  if (quick || names.length > 0) process.stdout.write(page);
  else {
    writeFileSync(PAGE, page);
    writeFileSync(PLOT, plot(sections));
  }
}

await main(process.argv.slice(2));
