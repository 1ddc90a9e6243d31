import { contentHash, isFinal, type JsonObject, type Run } from '@dawsos/contracts';
import type { Request, Response } from 'express';
import { matchesETag, reprDigest, strongETag } from './etag';

/** What a client may do with a finished run, which never changes. */
const CACHE_CONTROL = { private: 'private, max-age=31536000, immutable', 'no-store': 'no-store' } as const;

export interface SendRunOptions {
  readonly asAnswerTo: 'get' | 'post';
  readonly caching: keyof typeof CACHE_CONTROL;
}

/**
 * A run as JSON. A finished one never changes, so it may be cached for good: its tag is the hash of its result.
 * `show` gives the run as its reader may see it. `asAnswerTo`: what was asked may change from one request to the next, as the answer to a POST.
 */
export async function sendRun(
  request: Request,
  response: Response,
  run: Run,
  { asAnswerTo, caching }: SendRunOptions,
  show: (run: Run) => Promise<Run>,
): Promise<void> {
  const cacheable = isFinal(run.status) && asAnswerTo === 'get';
  const etag = strongETag(resultHash(run));
  response.vary('Authorization');
  // who has the whole result already was shown it before
  if (cacheable && matchesETag(request.headers['if-none-match'], etag)) {
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', CACHE_CONTROL[caching]);
    response.status(304).end();
    return;
  }
  const shown = await show(run);
  const body = Buffer.from(JSON.stringify(shown));
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Repr-Digest', reprDigest(body));
  // what is withheld now may be shown under other rights
  if (cacheable && shown.withheld === undefined) {
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', CACHE_CONTROL[caching]);
  }
  response.status(200).end(body);
}

/** The hash of the result; a run without one is identified by how it ended. */
function resultHash(run: Run): string {
  return (
    run.data_hash ??
    contentHash({ run_id: run.run_id, status: run.status, error: run.error ?? null } as JsonObject)
  );
}
