import fc from 'fast-check';
import { readServerSentEvents } from './server-sent-events';

const STREAM =
  ': hello\nretry: 1000\n\nid: 1\nevent: run.started\ndata: {"attempt":1}\n\nid: 2\ndata: one\ndata: two\n\ndata: not finished';

async function read(chunks: readonly string[]): Promise<unknown[]> {
  const encoder = new TextEncoder();
  const body = (async function* () {
    for (const chunk of chunks) yield encoder.encode(chunk);
  })();
  const events: unknown[] = [];
  for await (const event of readServerSentEvents(body)) events.push(event);
  return events;
}

const EVENTS = [
  { id: '1', event: 'run.started', data: '{"attempt":1}' },
  { id: '2', event: 'message', data: 'one\ntwo' },
];

describe('a stream of server-sent events', () => {
  it('gives events with id, name and data, and neither comments nor an unfinished one', async () => {
    expect(await read([STREAM])).toEqual(EVENTS);
  });

  it('gives the same wherever the network cuts it, with either line end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: STREAM.length }), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        async (cuts, lineEnd) => {
          const text = STREAM.replaceAll('\n', lineEnd);
          const at = [0, ...cuts.sort((a, b) => a - b), text.length];
          const chunks = at.slice(1).map((end, index) => text.slice(at[index], end));
          expect(await read(chunks)).toEqual(EVENTS);
        },
      ),
    );
  });
});
