import { createServer } from 'node:http';

/**
 * The other end of telemetry, in a process of its own: takes what comes and answers 200; GET says how many spans came.
 * With PORT.
 */
let spans = 0;

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ spans }));
      return;
    }
    if (request.url === '/v1/traces') spans += countFields(Buffer.concat(chunks), [1, 2, 2]);
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');

/**
 * How many fields lie at a path of field numbers in a protobuf message: [1, 2, 2] are the spans of an OTLP export
 * (resource_spans, scope_spans, spans). Skips all else unread, so that it takes little of the machine that is measured.
 */
function countFields(message: Buffer, [wanted, ...deeper]: readonly number[]): number {
  let at = 0;
  let count = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    // Wire types: 0 varint, 1 eight bytes, 5 four bytes, 2 a length and as many bytes.
    const type = tag % 8;
    if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const end = varint() + at;
      if (Math.floor(tag / 8) === wanted)
        count += deeper.length === 0 ? 1 : countFields(message.subarray(at, end), deeper);
      at = end;
    }
  }
  return count;
}
