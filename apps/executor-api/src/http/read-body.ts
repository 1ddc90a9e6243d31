import { DawsosError } from '@dawsos/contracts';
import express, { type Request, type RequestHandler } from 'express';
import { parseJsonBody } from './json-body';

const BODY_LIMIT_BYTES = 1_048_576;
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * Reads the bytes of a body, unpacked, up to 1 MiB: what unpacks to more is refused at that point, however small it
 * came in.
 */
export function bodyBytes(): RequestHandler {
  return express.raw({ type: () => true, limit: BODY_LIMIT_BYTES, inflate: true });
}

/** @throws DawsosError `unsupported_media_type` */
export function requireJsonType(request: Request): void {
  if (JSON_TYPE.test(request.get('content-type') ?? '')) return;
  throw new DawsosError('unsupported_media_type', 'Send Content-Type: application/json, in UTF-8.');
}

/** @throws DawsosError `malformed_json`, `invalid_request` */
export function readJson(request: Request): unknown {
  const bytes: unknown = request.body;
  return parseJsonBody(bytes instanceof Uint8Array ? bytes : Buffer.alloc(0));
}
