import { DawsosError, isDawsosError, PROBLEM_MEDIA_TYPE, toProblem } from '@dawsos/contracts';
import { addErrorAttributes, currentTraceId, isOperationsPath } from '@dawsos/observability';
import type { ErrorRequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Services } from '../services';

const DOCS_URL = '/docs/errors';
const DEFAULT_RETRY_SECONDS = 2;

/** Which limit was reached, as errors `rate_limited` of ours name it. */
const LimitSchema = z.object({ name: z.string(), quota: z.number() });

/** The answer for anything that was thrown: a problem body, never a stack, a statement or a path. */
export function problemHandler({
  logger,
  pii,
  captureException,
}: Pick<Services, 'logger' | 'pii' | 'captureException'>): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = asDawsosError(thrown);
    addErrorAttributes(error);
    if (error.entry.status >= 500 && !error.retryable) {
      logger.error(
        'request failed',
        pii.fields({ error: pii.error(thrown), request_id: requestIdOf(response) }),
      );
      // a probe asks again in a moment, and the alerts see what it found
      if (!isOperationsPath(request.path)) captureException(thrown);
    }
    if (response.headersSent) response.destroy();
    else sendProblem(response, error);
  };
}

export function sendProblem(response: Response, error: DawsosError): void {
  const problem = toProblem(error, {
    docsUrl: DOCS_URL,
    requestId: requestIdOf(response),
    traceId: currentTraceId(),
  });
  const retryAfter = error.retryAfterSeconds ?? (error.retryable ? DEFAULT_RETRY_SECONDS : undefined);
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  addLimit(response, error, retryAfter ?? DEFAULT_RETRY_SECONDS);
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="dawsos"');
  if (problem.status === 413) response.setHeader('Connection', 'close');
  response.locals['problemCode'] = error.code;
  response.removeHeader('ETag');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', PROBLEM_MEDIA_TYPE);
  response.status(problem.status).end(JSON.stringify(problem));
}

/** Beside the limit of requests, the one that was reached (the IETF draft of the RateLimit header fields). */
function addLimit(response: Response, { extensions }: DawsosError, seconds: number): void {
  const parsed = LimitSchema.safeParse(extensions['limit']);
  if (!parsed.success) return;
  const { name, quota } = parsed.data;
  response.appendHeader('RateLimit-Policy', `"${name}";q=${String(quota)}`);
  response.appendHeader('RateLimit', `"${name}";r=0;t=${String(seconds)}`);
}

function requestIdOf(response: Response): string | undefined {
  const id: unknown = response.locals['requestId'];
  return typeof id === 'string' ? id : undefined;
}

/** Faults that express and its body parser throw carry an HTTP status and, some, a type. */
function asDawsosError(thrown: unknown): DawsosError {
  if (isDawsosError(thrown)) return thrown;
  const { status, type } = httpFault(thrown);
  switch (type) {
    case undefined:
      break;
    case 'entity.too.large':
      return new DawsosError('payload_too_large', 'The body, unpacked, is larger than 1 MiB.');
    case 'encoding.unsupported':
      return new DawsosError(
        'unsupported_media_type',
        'Content-Encoding must be gzip, deflate, br or absent.',
      );
    case 'request.size.invalid':
    case 'request.aborted':
      return new DawsosError('invalid_request', 'The body is not as long as Content-Length says.');
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new DawsosError(
      'invalid_request',
      'The request cannot be read: its address or its body is malformed.',
    );
  }
  return new DawsosError('internal_error', 'Something went wrong on our side; quote the request id.', {
    cause: thrown,
  });
}

function httpFault(thrown: unknown): { readonly status?: number; readonly type?: string } {
  if (typeof thrown !== 'object' || thrown === null) return {};
  return {
    ...('status' in thrown && typeof thrown.status === 'number' ? { status: thrown.status } : {}),
    ...('type' in thrown && typeof thrown.type === 'string' ? { type: thrown.type } : {}),
  };
}
