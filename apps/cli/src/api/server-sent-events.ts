export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Parses a `text/event-stream` body (WHATWG HTML, section 9.2.6); comments and `retry` are passed over. */
export async function* readServerSentEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let fields: { id: string | undefined; event: string; data: string[] } = fresh();
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        readField(line, fields);
        continue;
      }
      if (fields.data.length > 0) {
        yield { id: fields.id, event: fields.event, data: fields.data.join('\n') };
      }
      fields = fresh();
    }
  }
}

const fresh = () => ({ id: undefined as string | undefined, event: 'message', data: [] as string[] });

function readField(line: string, fields: ReturnType<typeof fresh>): void {
  const colon = line.indexOf(':');
  if (colon === 0) return;
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (name === 'data') fields.data.push(value);
  else if (name === 'event') fields.event = value;
  else if (name === 'id' && !value.includes('\0')) fields.id = value;
}
