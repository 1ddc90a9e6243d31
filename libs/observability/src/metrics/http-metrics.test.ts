import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import express from 'express';
import { createMetricsRegistry } from './create-metrics-registry';
import { httpMetrics } from './http-metrics';

describe('the metrics of an Express application', () => {
  const metrics = createMetricsRegistry({ processMetrics: false });
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const application = express();
    application.use(httpMetrics({ metrics, mounts: ['/v1'] }));
    const router = express.Router();
    router.get('/runs/:id', (_request, response) => void response.json({}));
    router.get('/broken', () => {
      throw new Error('broken');
    });
    application.use('/v1', router);
    application.use('/clients/:client', router);
    application.use(
      ((_error, _request, response, _next) => void response.sendStatus(500)) as express.ErrorRequestHandler,
    );
    server = application.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const count = async (labels: string): Promise<string | undefined> => {
    const { body } = await metrics.expose(undefined);
    const line = body
      .split('\n')
      .find((each) => each.startsWith(`http_server_request_duration_seconds_count{${labels}}`));
    return line?.split(' ').at(-1);
  };
  const ask = async (path: string, method = 'GET'): Promise<void> => {
    await (await fetch(`${url}${path}`, { method })).text();
  };

  it('go by route, not by path: a thousand ids are one series, and so are all addresses that there are not', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, id) => ask(`/v1/runs/${id}`)));
    await Promise.all(Array.from({ length: 100 }, (_, id) => ask(`/made-up/${id}`)));
    expect(
      await count('http_request_method="GET",http_route="/v1/runs/:id",http_response_status_code="200"'),
    ).toBe('100');
    expect(
      await count('http_request_method="GET",http_route="unmatched",http_response_status_code="404"'),
    ).toBe('100');
  });

  it('do not name the client in whose path a router is mounted', async () => {
    await ask('/clients/jane/runs/1');
    expect((await metrics.expose(undefined)).body).not.toContain('jane');
    expect(
      await count('http_request_method="GET",http_route="/runs/:id",http_response_status_code="200"'),
    ).toBe('1');
  });

  it('count what fails', async () => {
    await ask('/v1/broken');
    expect(
      await count('http_request_method="GET",http_route="/v1/broken",http_response_status_code="500"'),
    ).toBe('1');
  });

  it('take no method that a client made up', async () => {
    metrics.recordHttpRequest('BREW', '/pot', 418, 0.1);
    expect(
      await count('http_request_method="_OTHER",http_route="/pot",http_response_status_code="418"'),
    ).toBe('1');
  });
});
