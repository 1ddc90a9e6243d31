import { isErrorCode, ERROR_CODES } from '@dawsos/contracts';
import type { MetricsRegistry } from '@dawsos/observability';
import type { RequestHandler, Response } from 'express';

/**
 * Counts and times execution requests by the pattern that they name. The registry counts a name that is no pattern
 * of ours as `unknown`, so a client cannot make series.
 */
export function countExecutions({
  metrics,
}: {
  readonly metrics: Pick<MetricsRegistry, 'recordRequest' | 'recordRequestError'>;
}): RequestHandler {
  return (_request, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      const patternId = patternOf(response);
      const status = statusOf(response);
      metrics.recordRequest(patternId, status, (performance.now() - started) / 1000);
      const code: unknown = response.locals['problemCode'];
      if (typeof code === 'string') metrics.recordRequestError(patternId, code);
    });
    next();
  };
}

export const REQUEST_STATUSES = ['success', 'rejected', 'error'] as const;

/** `rejected`: the request was at fault, or the pack was not fresh. `error`: we were. */
function statusOf(response: Response): (typeof REQUEST_STATUSES)[number] {
  const code: unknown = response.locals['problemCode'];
  if (typeof code !== 'string') return 'success';
  const isOurs = !isErrorCode(code) || ERROR_CODES[code].status >= 500;
  return isOurs && code !== 'pack_not_fresh' ? 'error' : 'rejected';
}

function patternOf(response: Response): string {
  const patternId: unknown = response.locals['patternId'];
  return typeof patternId === 'string' ? patternId : 'unknown';
}
