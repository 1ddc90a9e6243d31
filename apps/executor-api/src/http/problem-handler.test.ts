import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DawsosError } from '@dawsos/contracts';
import { createPiiFilter, createSilentLogger } from '@dawsos/observability';
import express from 'express';
import { problemHandler } from './problem-handler';

const FAULTS: Readonly<Record<string, unknown>> = {
  '/v1/runs': new Error('out of memory'),
  '/v1/execute': new DawsosError('invalid_inputs', 'days must be a number'),
  '/v1/packs': new DawsosError('store_unavailable', 'the database is away'),
  '/health/pack': new Error('out of memory'),
};

describe('what a route throws', () => {
  let server: Server;
  const captured: unknown[] = [];
  beforeAll(async () => {
    const application = express();
    for (const [path, fault] of Object.entries(FAULTS))
      application.get(path, () => {
        throw fault;
      });
    application.use(
      problemHandler({
        logger: createSilentLogger(),
        pii: createPiiFilter(),
        captureException: (error) => captured.push(error),
      }),
    );
    server = application.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());
  beforeEach(() => captured.splice(0));

  const get = (path: string) =>
    fetch(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`);

  it.each([
    ['a fault of ours is reported', '/v1/runs', 500, 1],
    ['a mistake of the client’s is not', '/v1/execute', 400, 0],
    ['nor what passes by itself', '/v1/packs', 503, 0],
    ['nor a fault that a probe meets', '/health/pack', 500, 0],
  ])('%s', async (_, path, status, reports) => {
    const answer = await get(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(await answer.text()).not.toContain('out of memory');
    expect(captured).toHaveLength(reports);
  });
});
