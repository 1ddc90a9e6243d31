import { SCOPES } from '@dawsos/contracts';
import { ROUTES } from './table';

describe('the table of routes', () => {
  it('names a scope for every route', () => {
    for (const route of ROUTES)
      expect([route.path, [...SCOPES, 'public']]).toEqual([
        route.path,
        expect.arrayContaining([route.scope]),
      ]);
  });

  it('makes nothing public but health and documentation', () => {
    const open = ROUTES.filter(({ scope }) => scope === 'public').map(({ path }) => path);
    expect(open).toEqual([
      '/health/pack',
      '/livez',
      '/health/live',
      '/readyz',
      '/health/ready',
      '/openapi.json',
      '/docs',
      '/docs/errors',
      '/docs/assets/{file}',
    ]);
  });

  it('has each route and each operation once', () => {
    const keys = ROUTES.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(keys).size).toBe(keys.length);
    const operations = ROUTES.map(({ description }) => description.operationId);
    expect(new Set(operations).size).toBe(operations.length);
  });
});
