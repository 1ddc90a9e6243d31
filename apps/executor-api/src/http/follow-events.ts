import type { PiiFilter } from '@dawsos/observability';
import type { Caller } from './authentication';
import type { EventStream } from './server-sent-events';

const KEEP_ALIVE_MILLISECONDS = 15_000;

interface NumberedEvent {
  readonly seq: number;
  readonly type: string;
}

export interface EventSource<Event extends NumberedEvent> {
  /** What there is when the stream opens. */
  readonly first: readonly Event[];
  /** What came after an event, once it has come or a moment has passed; undefined when its owner is gone. */
  readonly next: (afterSeq: number) => Promise<readonly Event[] | undefined>;
  /** The type of the last event. */
  readonly last: Event['type'];
}

/** Sends events until the last one, or until the client goes, its key is revoked or the process stops. */
export async function followEvents<Event extends NumberedEvent>(
  stream: EventStream,
  { first, next, last }: EventSource<Event>,
  after: number,
  { caller, signal, pii }: { readonly caller: Caller; readonly signal: AbortSignal; readonly pii: PiiFilter },
): Promise<void> {
  let lastSent = after;
  let lastWrite = performance.now();
  let events: readonly Event[] | undefined = first;
  while (events !== undefined && !signal.aborted && caller.isActive()) {
    for (const event of events) {
      if (!caller.isActive()) return;
      await stream.send({ id: event.seq, type: event.type, data: pii.fields(event) });
      lastSent = event.seq;
      lastWrite = performance.now();
      if (event.type === last) return;
    }
    events = await next(lastSent);
    if (performance.now() - lastWrite >= KEEP_ALIVE_MILLISECONDS) {
      stream.keepAlive();
      lastWrite = performance.now();
    }
  }
}
