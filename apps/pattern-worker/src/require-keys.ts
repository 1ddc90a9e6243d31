import { DawsosError } from '@dawsos/contracts';

/**
 * A worker asks of each run whether a key in force may still see it, so it needs the keys that the API has. Without
 * them it computes for the embedded default alone, which is one machine: a database on another host is none.
 * @throws DawsosError `invalid_configuration`, which ends the process with exit code 78
 */
export function requireKeysBeyondOneMachine(databaseUrl: string, keysFile: string | undefined): void {
  if (keysFile !== undefined || hostsOf(databaseUrl).every(isThisMachine)) return;
  throw new DawsosError(
    'invalid_configuration',
    'API_KEYS_FILE is not set, and DATABASE_URL names another machine: who reads the runs there cannot be told. ' +
      'Set API_KEYS_FILE to the file that the API has, such as API_KEYS_FILE=/etc/dawsos/keys.json.',
  );
}

/** A URL may name several hosts, or a folder of sockets by `host=`; without any it is the local socket. */
function hostsOf(databaseUrl: string): readonly string[] {
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(databaseUrl)?.[1] ?? '';
  const named = new URLSearchParams(databaseUrl.split('?')[1] ?? '')
    .getAll('host')
    .flatMap((list) => list.split(','));
  const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',');
  return [...hosts, ...named].filter((host) => host !== '');
}

function isThisMachine(host: string): boolean {
  const name = host
    .replace(/^\[([^\]]*)\].*$/, '$1')
    .replace(/^([^:]*):\d+$/, '$1')
    .toLowerCase();
  return (
    name === 'localhost' ||
    name === '::1' ||
    name === '' ||
    name.startsWith('/') ||
    /^127(\.\d{1,3}){3}$/.test(name)
  );
}
