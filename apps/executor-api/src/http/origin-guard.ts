import { DawsosError } from '@dawsos/contracts';
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackHost } from './authentication';

/**
 * Refuses what a browser sends on behalf of another site (CSRF), and, where no key is needed, a Host that is not
 * this machine's own name (DNS rebinding: a foreign name that resolves to loopback).
 * @throws DawsosError `origin_refused`
 */
export function requireOwnOrigin(headers: IncomingHttpHeaders, mode: 'local' | 'keys'): void {
  const { host, origin } = headers;
  if (mode === 'local' && !isLoopbackHost(hostName(host ?? ''))) {
    throw new DawsosError(
      'origin_refused',
      'The Host header must name this machine: localhost or 127.0.0.1.',
    );
  }
  const isOwn = origin === undefined || originHost(origin) === host?.toLowerCase();
  if (!isOwn || headers['sec-fetch-site'] === 'cross-site') {
    throw new DawsosError('origin_refused', 'Pages of other sites may not call this API.');
  }
}

function hostName(host: string): string {
  return host.replace(/:\d*$/, '');
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : undefined;
}
