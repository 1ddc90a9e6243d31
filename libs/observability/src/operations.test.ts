import { request } from 'node:http';
import { createMetricsRegistry } from './metrics/create-metrics-registry';
import { serveOperations, type OperationsOptions, type OperationsServer } from './operations';

describe('the operations port', () => {
  let server: OperationsServer | undefined;
  afterEach(() => server?.close());

  const serve = async (options: Partial<OperationsOptions> = {}) => {
    const metrics = createMetricsRegistry({ processMetrics: false });
    const running = await serveOperations({ metrics, port: 0, ...options });
    server = running;
    return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${running.port}${path}`, init);
  };
  const read = async (answer: Response) => [answer.status, await answer.text()] as const;

  it('serves the metrics in the format that the scraper asks for, and keeps them from caches', async () => {
    const get = await serve();
    const text = await get('/metrics');
    expect(text.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text.headers.get('cache-control')).toBe('no-store');
    expect(await text.text()).toContain('# TYPE dawsos_executor_build_info gauge');
    const open = await get('/metrics', { headers: { accept: 'application/openmetrics-text' } });
    expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
    expect(await open.text()).toMatch(/# EOF\n$/);
  });

  it('refuses a foreign name that leads to this machine, and answers to its own', async () => {
    await serve();
    const port = server!.port;
    const statusOf = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ port, host: '127.0.0.1', path: '/metrics', headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await statusOf('rebound.evil.example')).toBe(403);
    expect(await statusOf(`127.0.0.1.evil.example:${String(port)}`)).toBe(403);
    for (const own of ['localhost', `127.0.0.1:${String(port)}`, `[::1]:${String(port)}`])
      expect(await statusOf(own)).toBe(200);
  });

  it.each(['/health/live', '/livez'])(
    '%s asks no dependency: it is well while readiness fails',
    async (path) => {
      const get = await serve({ readiness: () => false });
      expect(await read(await get(path))).toEqual([200, 'ok\n']);
    },
  );

  it.each(['/health/ready', '/readyz'])('%s says which check fails, where it is asked to', async (path) => {
    const get = await serve({
      readiness: () => ({ ready: false, checks: { database: true, queue: 'no answer' } }),
    });
    expect(await read(await get(path))).toEqual([503, 'not ready\n']);
    expect(await read(await get(`${path}?verbose`))).toEqual([
      503,
      '[+]database ok\n[-]queue no answer\nnot ready\n',
    ]);
  });

  it.each<[string, OperationsOptions['readiness']]>([
    ['throws', () => Promise.reject(new Error('secret of the database'))],
    ['never answers', () => new Promise(() => undefined)],
  ])('a check that %s has failed, and tells nothing of why', async (_name, readiness) => {
    const get = await serve({ readiness, checkTimeoutMs: 20 });
    const [status, body] = await read(await get('/readyz?verbose'));
    expect(status).toBe(503);
    expect(body).not.toContain('secret');
  });

  it('answers a HEAD without a body, another method with 405, another address with 404', async () => {
    const get = await serve();
    expect(await read(await get('/livez', { method: 'HEAD' }))).toEqual([200, '']);
    expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
    expect(await read(await get('/debug'))).toEqual([404, expect.stringContaining('/metrics')]);
  });

  it('refuses a port that is taken, and closes although a client holds its connection', async () => {
    const get = await serve();
    await (await get('/livez')).text();
    const metrics = createMetricsRegistry({ processMetrics: false });
    await expect(serveOperations({ metrics, port: server?.port ?? 0 })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await server?.close();
    await expect(get('/livez')).rejects.toThrow('fetch failed');
  });
});
