import { connect } from 'node:net';
import express from 'express';
import { listen } from './server';

describe('the server', () => {
  it('says which address it cannot have', async () => {
    const first = await listen(express(), '127.0.0.1', 0);
    await expect(listen(express(), '127.0.0.1', first.port)).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringContaining(`port ${String(first.port)} (EADDRINUSE)`) as string,
    });
    await first.close();
  });

  it('answers what is in flight before it closes, and keeps no connection that then falls idle', async () => {
    const application = express();
    let answer: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      application.get('/', (_request, response) => {
        answer = () => void response.send('done');
        resolve();
      });
    });
    const server = await listen(application, '127.0.0.1', 0);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    await asked;
    const closed = server.close();
    answer?.();
    await closed;
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    expect(received).toMatch(/^HTTP\/1\.1 200 [\s\S]*done$/);
  });
});
