import { DawsosError } from '@dawsos/contracts';
import type { RequestHandler } from 'express';
import type { Authenticator, Caller } from './authentication';
import type { RateLimits } from './rate-limits';
import type { RouteScope } from './route';

const NOBODY: Caller = {
  principal: { id: 'nobody', scopes: [], portfolios: [] },
  isActive: () => true,
};

/**
 * Lets through who may use a route of this scope, within the limits. An unknown, a revoked and an absent key get
 * the same answer.
 */
export function authorize(
  scope: RouteScope,
  authenticator: Authenticator,
  limits: RateLimits,
): RequestHandler {
  return async (request, response, next) => {
    if (scope === 'public') {
      response.locals['caller'] = NOBODY;
      next();
      return;
    }
    const caller = authenticator.authenticate(request.get('authorization'));
    if (caller === undefined) {
      await limits.countFailedKey(request.socket.remoteAddress ?? 'unknown');
      throw new DawsosError('unauthenticated', 'Send Authorization: Bearer KEY with a valid key.');
    }
    response.setHeaders(new Map(Object.entries(await limits.countRequest(caller.principal))));
    if (!caller.principal.scopes.includes(scope)) {
      throw new DawsosError('forbidden', `This needs a key with the scope "${scope}".`);
    }
    response.locals['caller'] = caller;
    next();
  };
}
