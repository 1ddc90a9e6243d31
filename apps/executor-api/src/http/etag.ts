import { createHash } from 'node:crypto';

/** A strong entity tag (RFC 9110, 8.8.3). */
export function strongETag(hash: string): string {
  return `"${hash}"`;
}

/** Whether `If-None-Match` names the tag, by weak comparison as RFC 9110 (13.1.2) asks. */
export function matchesETag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** `Repr-Digest` (RFC 9530) of a body. */
export function reprDigest(body: string | Buffer): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}
