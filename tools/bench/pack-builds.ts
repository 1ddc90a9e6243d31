import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { migrateToLatest, openDatabase, startEmbeddedPostgres } from '@dawsos/database';
import type { Section } from './figures.ts';
import { generatePrices, LAST_PRICED_DAY, type PriceFolderSize } from './generate-prices.ts';

const run = promisify(execFile);

export interface PackBuildsSize {
  readonly rounds: number;
  /** Many instruments on a day, and few over a long time. */
  readonly wide: PriceFolderSize;
  readonly long: PriceFolderSize;
}

interface Built {
  readonly rows: number;
  readonly peakMebibytes: number;
}

/** The peak memory of a process that builds a pack: however many rows, it must not grow with them. */
export async function packBuilds({ rounds, wide, long }: PackBuildsSize): Promise<Section> {
  const names = { wide: nameOf(wide), long: nameOf(long) };
  const measured = { wide: [] as Built[], long: [] as Built[] };
  const seconds = { wide: 0, long: 0 };
  for (let round = 0; round < rounds; round += 1) {
    for (const [variant, size] of [
      ['wide', wide],
      ['long', long],
    ] as const) {
      const started = performance.now();
      measured[variant].push(await buildOnce(size));
      seconds[variant] = (performance.now() - started) / 1000;
    }
  }
  const rows = (variant: 'wide' | 'long') => (measured[variant][0]?.rows ?? 0).toLocaleString('en');
  return {
    title: 'Building a pricing pack',
    about:
      `The most memory that a process held (resident, Node itself among it) that built a pack: ${rows('wide')} rows, and ` +
      `${rows('long')} rows, from CSV files to the sealed pack in PostgreSQL. The last ones took ${seconds.wide.toFixed(0)} ` +
      `and ${seconds.long.toFixed(0)} seconds, the files' writing and the server's start among them.`,
    unit: 'MiB',
    series: [
      { name: names.wide, samples: measured.wide.map(({ peakMebibytes }) => peakMebibytes) },
      { name: names.long, samples: measured.long.map(({ peakMebibytes }) => peakMebibytes) },
    ],
    ratio: { of: names.long, to: names.wide, goal: 'below 2, for 26 times the rows', below: 2 },
    limit:
      'A run of 100,000 quotes is sorted in memory; the garbage collector decides how much lies around beside it.',
  };
}

const nameOf = ({ instruments, days }: PriceFolderSize): string =>
  `${instruments.toLocaleString('en')} instruments × ${days.toLocaleString('en')} days`;

async function buildOnce(size: PriceFolderSize): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'dawsos-bench-prices-'));
  // Beside the folder: as root the server runs under an account of its own, which cannot enter ours.
  const dataDir = await mkdtemp(join(tmpdir(), 'dawsos-bench-postgres-'));
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    await generatePrices(folder, size);
    const database = openDatabase({ url: server.url, maxConnections: 1, applicationName: 'bench' });
    await migrateToLatest(database);
    await database.close();
    const script = join(import.meta.dirname, 'build-once.ts');
    const { stdout } = await run(process.execPath, [script, server.url, folder, LAST_PRICED_DAY]);
    return JSON.parse(stdout) as Built;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
}
