import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.ts';

const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Resolves with undefined once a redis-server is on PATH, installed by apt where that is possible; else with the
 * one line that says what to install. Tests on Redis are never skipped.
 */
export async function ensureRedisServer(
  environment: NodeJS.ProcessEnv,
  root: string,
  log: string,
): Promise<string | undefined> {
  const path = environment['PATH'] ?? '';
  if (isOnPath('redis-server', path)) return undefined;
  const byHand =
    'redis-server is missing: install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis) and run this again';
  if (process.getuid?.() !== 0 || !isOnPath('apt-get', path)) return byHand;
  process.stderr.write('redis-server is missing: installing it with apt-get, as root\n');
  // RUNLEVEL=1 keeps the package from starting a service of its own.
  const options = {
    cwd: root,
    environment: { ...environment, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    timeoutMs: INSTALL_TIMEOUT_MS,
    log,
  };
  await runCommand('apt-get', ['update'], options);
  await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], options);
  return isOnPath('redis-server', path) ? undefined : `${byHand} (apt-get could not: see ${log})`;
}

function isOnPath(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
