import { createServer } from 'node:http';

/** The other end of telemetry, in a process of its own: takes what comes and answers 200. With PORT. */
createServer((request, response) => {
  request.resume();
  request.once('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
}).listen(Number(process.env['PORT']), '127.0.0.1');
