import { isFinal, sha256Hex, type Run } from '@dawsos/contracts';
import type { Request, Response } from 'express';
import { matchesETag, reprDigest, strongETag } from './etag';

/** What a client may do with a finished run, which never changes. */
const CACHE_CONTROL = { private: 'private, max-age=31536000, immutable', 'no-store': 'no-store' } as const;

export interface SendRunOptions {
  readonly asAnswerTo: 'get' | 'post';
  readonly caching: keyof typeof CACHE_CONTROL;
}

/**
 * A run as JSON. A finished one never changes, so it may be cached for good. Its tag is the hash of the body: all that
 * the body says is covered, attributions and what is withheld too, which follow the rights in force.
 * `show` gives the run as its reader may see it. `asAnswerTo`: what was asked may change from one request to the next, as the answer to a POST.
 */
export async function sendRun(
  request: Request,
  response: Response,
  run: Run,
  { asAnswerTo, caching }: SendRunOptions,
  show: (run: Run) => Promise<Run>,
): Promise<void> {
  const shown = await show(run);
  const body = Buffer.from(JSON.stringify(shown));
  response.vary('Authorization');
  // what is withheld now may be shown under other rights
  if (isFinal(run.status) && asAnswerTo === 'get' && shown.withheld === undefined) {
    const etag = strongETag(sha256Hex(body));
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', CACHE_CONTROL[caching]);
    if (matchesETag(request.headers['if-none-match'], etag)) {
      response.status(304).end();
      return;
    }
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Repr-Digest', reprDigest(body));
  response.status(200).end(body);
}
