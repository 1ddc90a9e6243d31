import { contentHash, isFinal, type JsonObject, type Run } from '@dawsos/contracts';
import type { Request, Response } from 'express';
import { matchesETag, reprDigest, strongETag } from './etag';

const IMMUTABLE = 'private, max-age=31536000, immutable';

/**
 * A run as JSON. A finished one never changes, so it may be cached for good: its tag is the hash of its result.
 * `asAnswerTo`: what was asked may change from one request to the next, as the answer to a POST.
 */
export function sendRun(request: Request, response: Response, run: Run, asAnswerTo: 'get' | 'post'): void {
  const body = Buffer.from(JSON.stringify(run));
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Repr-Digest', reprDigest(body));
  response.vary('Authorization');
  if (isFinal(run.status) && asAnswerTo === 'get') {
    const etag = strongETag(resultHash(run));
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', IMMUTABLE);
    if (matchesETag(request.headers['if-none-match'], etag)) {
      response.removeHeader('Content-Type');
      response.status(304).end();
      return;
    }
  }
  response.status(200).end(body);
}

/** Of the result; a run without one is identified by how it ended. */
function resultHash(run: Run): string {
  return (
    run.data_hash ??
    contentHash({ run_id: run.run_id, status: run.status, error: run.error ?? null } as JsonObject)
  );
}
