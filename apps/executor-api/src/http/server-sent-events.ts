import { once } from 'node:events';
import type { FilteredFields } from '@dawsos/observability';
import type { Response } from 'express';

/** What it tells has been through the filter: an error's detail may repeat what a client sent. */
export interface ServerSentEvent {
  readonly id: number;
  readonly type: string;
  readonly data: FilteredFields;
}

/** One stream of server-sent events (WHATWG HTML, section 9.2). */
export interface EventStream {
  /** Resolves when the connection can take more: a slow reader holds up its stream, not the memory. */
  send(event: ServerSentEvent): Promise<void>;
  /** A comment, so that proxies keep the connection and a dead peer is noticed. */
  keepAlive(): void;
  end(): void;
}

const RETRY_MILLISECONDS = 2_000;

export function openEventStream(response: Response, signal: AbortSignal): EventStream {
  response.status(200);
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
  response.write(`retry: ${String(RETRY_MILLISECONDS)}\n\n`);
  return {
    async send({ id, type, data }) {
      const text = `id: ${String(id)}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
      if (!response.write(text) && !signal.aborted) {
        await once(response, 'drain', { signal }).catch(() => undefined);
      }
    },
    keepAlive: () => void response.write(': still here\n\n'),
    end: () => void response.end(),
  };
}

/** `Last-Event-ID`: the number of the last event that the client has; 0 when it has none or it is not a number. */
export function parseLastEventId(header: string | undefined): number {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : 0;
}
