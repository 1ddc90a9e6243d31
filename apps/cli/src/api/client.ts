import { DawsosError, isErrorCode, ProblemSchema } from '@dawsos/contracts';
import { EXIT } from '@dawsos/service';
import type { z } from 'zod';
import { CliError } from '../cli-error';
import { repairOf } from '../render/repair-order';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events';

export interface ApiClient {
  readonly url: string;
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
  /** The body as the server sent it: the bytes of a result are its identity. */
  getText(path: string): Promise<string>;
  post<Schema extends z.ZodType>(
    path: string,
    body: unknown,
    schema: Schema,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly body: z.output<Schema>; readonly status: number; readonly headers: Headers }>;
  /** Posts and gives the answer's body as it is: a file. */
  download(
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly bytes: Uint8Array; readonly headers: Headers }>;
  /** The events after `lastEventId`; resumes by itself when the connection is lost, ends when the server says so. */
  events(path: string, signal: AbortSignal): AsyncGenerator<ServerSentEvent>;
}

const TIMEOUT_MS = 120_000;
const RECONNECT_TRIES = 20;

export function createApiClient(url: string, apiKey: string | undefined): ApiClient {
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };

  async function send(path: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(new URL(path, url), {
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...init,
        headers: { ...authorization, ...init.headers },
      });
    } catch (cause) {
      throw new CliError(`no dawsos answers at ${url}`, EXIT.unavailable, {
        cause: reasonOf(cause),
        fix: 'start one with "dawsos up", or name another with --url',
      });
    }
    if (answer.status >= 400) throw await problemOf(answer);
    return answer;
  }

  return {
    url,
    async get(path, schema) {
      return schema.parse(await (await send(path, {})).json());
    },
    async getText(path) {
      return (await send(path, {})).text();
    },
    async post(path, body, schema, headers) {
      const answer = await send(path, postOf(body, headers));
      return { body: schema.parse(await answer.json()), status: answer.status, headers: answer.headers };
    },
    async download(path, body, headers) {
      const answer = await send(path, postOf(body, headers));
      return { bytes: await answer.bytes(), headers: answer.headers };
    },
    async *events(path, signal) {
      let lastId: string | undefined;
      for (let tries = 0; tries < RECONNECT_TRIES && !signal.aborted; tries += 1) {
        const resume = lastId === undefined ? {} : { 'last-event-id': lastId };
        const answer = await send(path, { headers: { accept: 'text/event-stream', ...resume }, signal });
        if (answer.status === 204 || answer.body === null) return;
        try {
          for await (const event of readServerSentEvents(answer.body)) {
            tries = 0;
            lastId = event.id ?? lastId;
            yield event;
          }
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof TypeError)) throw error;
        }
      }
    },
  };
}

function postOf(body: unknown, headers: Readonly<Record<string, string>> | undefined): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  };
}

/** The problem body as our own error, so that its code decides the exit code. */
async function problemOf(answer: Response): Promise<Error> {
  const text = await answer.text();
  const parsed = ProblemSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    return new CliError(`the server answered ${String(answer.status)}`, EXIT.internal, {
      cause: text.slice(0, 300),
      fix: 'check that the address is that of a dawsos API of this version',
    });
  }
  const { code, detail, errors = [] } = parsed.data;
  const repair = repairOf(parsed.data);
  return isErrorCode(code)
    ? new DawsosError(code, detail, { errors, extensions: repair === undefined ? {} : { repair } })
    : new CliError(detail, EXIT.internal, { fix: parsed.data.remedy });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
