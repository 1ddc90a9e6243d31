import { isIP } from 'node:net';
import { DawsosError, LOCAL_PRINCIPAL, type Principal } from '@dawsos/contracts';
import type { KeyRing } from '@dawsos/principals';

export interface Caller {
  readonly principal: Principal;
  /** False from the moment that the caller's key is revoked or expires. */
  readonly isActive: () => boolean;
}

export interface Authenticator {
  /** Without keys: who reaches the socket is `local`, which is why the socket must be loopback. */
  readonly mode: 'local' | 'keys';
  /** `undefined`: no key, or not a valid one. */
  authenticate(authorization: string | undefined): Caller | undefined;
}

const LOCAL_CALLER: Caller = { principal: LOCAL_PRINCIPAL, isActive: () => true };
const BEARER = /^Bearer +(\S+) *$/i;

export function localAuthenticator(): Authenticator {
  return { mode: 'local', authenticate: () => LOCAL_CALLER };
}

/** The key comes in the Authorization header only: addresses end up in logs and histories. */
export function keyAuthenticator(
  keys: Pick<KeyRing, 'authenticate' | 'isActive'>,
  onUse: (keyId: string) => void = () => undefined,
): Authenticator {
  return {
    mode: 'keys',
    authenticate(authorization) {
      const key = BEARER.exec(authorization ?? '')?.[1];
      const known = key === undefined ? undefined : keys.authenticate(key);
      if (known === undefined) return undefined;
      onUse(known.keyId);
      return { principal: known.principal, isActive: () => keys.isActive(known.keyId) };
    },
  };
}

/**
 * Asked again by what took its time: a key that was revoked meanwhile gets no data.
 * @throws DawsosError `unauthenticated`
 */
export function requireActive(caller: Caller): void {
  if (!caller.isActive())
    throw new DawsosError('unauthenticated', 'Send Authorization: Bearer KEY with a valid key.');
}

export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/**
 * Any address but loopback needs keys.
 * @throws DawsosError `invalid_configuration`, which ends the process with exit code 78
 */
export function requireKeysBeyondLoopback(host: string, hasKeys: boolean): void {
  if (hasKeys || isLoopbackHost(host)) return;
  throw new DawsosError(
    'invalid_configuration',
    `HOST=${host} is reachable from other machines and API_KEYS_FILE is not set. ` +
      'Make a key with "dawsos keys create NAME --file keys.json" and set API_KEYS_FILE=keys.json, or set HOST=127.0.0.1.',
  );
}
