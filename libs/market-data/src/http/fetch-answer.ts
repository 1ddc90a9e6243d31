import { DawsosError, type DawsosErrorOptions } from '@dawsos/contracts';
import { parseExactJson } from './exact-json';
import type { SizedAnswer } from './answer-cache';
import type { ProviderClientOptions } from './provider-options';

export interface AnswerRequest extends Pick<
  ProviderClientOptions,
  'source' | 'baseUrl' | 'headers' | 'secretQuery' | 'timeoutMs' | 'maxBytes' | 'explain'
> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** Asks once. Errors name the source, the path and the status, never the query, which may hold the key. */
export async function fetchAnswer(request: AnswerRequest, signal: AbortSignal): Promise<SizedAnswer> {
  const { source, baseUrl, path, headers = {}, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = request;
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries({ ...request.query, ...request.secretQuery })) {
    url.searchParams.set(name, value);
  }
  const late = AbortSignal.timeout(timeoutMs);
  let status: number;
  let bytes: Buffer;
  let retryAfter: string | null;
  try {
    const answer = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([late, signal]),
    });
    status = answer.status;
    retryAfter = answer.headers.get('retry-after');
    bytes = await readBytes(answer, maxBytes, source);
  } catch (error) {
    if (error instanceof DawsosError) throw error;
    // nobody waits for it any more: that says nothing of the provider
    signal.throwIfAborted();
    const why = late.aborted ? `gave no answer within ${String(timeoutMs)} ms` : 'could not be reached';
    throw unavailable(source, `${why} (${path})`);
  }
  if (status === 429 || status >= 500) {
    throw unavailable(source, `answered ${String(status)} to ${path}`, secondsOf(retryAfter));
  }
  if (status < 200 || status >= 300) {
    throw request.explain?.(status, parsed(bytes)) ?? refused(source, status, path);
  }
  const body = parsed(bytes);
  if (body === undefined) throw malformed(source, `answered ${path} with something that is not JSON`);
  return { body, bytes: bytes.byteLength };
}

async function readBytes(answer: Response, maxBytes: number, source: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    // leaving the loop cancels the body
    if (size > maxBytes) throw malformed(source, `sent more than ${String(maxBytes)} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): unknown {
  try {
    return parseExactJson(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d{1,6}$/.test(retryAfter.trim())
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

export function unavailable(source: string, what: string, retryAfterSeconds?: number): DawsosError {
  const after = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new DawsosError('source_unavailable', `${source} ${what}`, { ...about(source), ...after });
}

function refused(source: string, status: number, path: string): DawsosError {
  const why: Readonly<Record<number, string>> = {
    401: 'its API key is missing or wrong',
    402: 'the plan of its API key does not cover this',
    403: 'its API key may not do this',
  };
  const what = `${source} answered ${String(status)} to ${path}`;
  return new DawsosError('source_refused', why[status] === undefined ? what : `${what}: ${why[status]}`, {
    extensions: { source, status },
  });
}

export function malformed(source: string, what: string): DawsosError {
  return new DawsosError('source_malformed', `${source} ${what}`, about(source));
}

const about = (source: string): DawsosErrorOptions => ({ extensions: { source } });
