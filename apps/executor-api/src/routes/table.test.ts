import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPES } from '@dawsos/contracts';
import { openApiText } from '../openapi/document';
import { apiVersion } from '../version';
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

  it('is published as the committed openapi.json (npm run openapi -w @dawsos/executor-api writes it)', () => {
    const committed = readFileSync(join(__dirname, '..', '..', 'openapi.json'), 'utf8');
    expect(openApiText(ROUTES, apiVersion())).toBe(committed);
    const document = JSON.parse(committed) as { openapi: string; paths: Record<string, unknown> };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(ROUTES.map(({ path }) => path)));
  });
});
