import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JsonValueSchema, type JsonValue } from '@dawsos/contracts';
import { ROUTES } from '../routes/table';
import { apiVersion } from '../version';
import { openApiDocument, openApiText } from './document';

const COMMITTED = join(__dirname, '..', '..', 'openapi.json');
const document = openApiDocument(ROUTES, apiVersion());

describe('the OpenAPI document', () => {
  it('is the committed one, byte for byte (npm run docs writes it)', () => {
    expect(openApiText(ROUTES, apiVersion())).toBe(readFileSync(COMMITTED, 'utf8'));
  });

  it('names no schema that it does not hold', () => {
    const names = refsIn(JsonValueSchema.parse(JSON.parse(openApiText(ROUTES, apiVersion()))));
    const held = Object.keys(document.components?.schemas ?? {}).map(
      (name) => `#/components/schemas/${name}`,
    );
    expect(names.size).toBeGreaterThan(0);
    expect([...names].filter((name) => !held.includes(name))).toEqual([]);
  });

  it.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s: asks for the key that the server asks for, and tells its refusals',
    (_name, route) => {
      const operation = document.paths?.[route.path]?.[route.method];
      const isPublic = route.scope === 'public';
      expect(operation?.security).toEqual(isPublic ? [] : [{ apiKey: [] }]);
      const refusals = isPublic ? [] : ['400', '401', '403', '429', '503'];
      expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(refusals));
    },
  );
});

function refsIn(value: JsonValue): Set<string> {
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(
    Object.entries(value).flatMap(([key, member]) =>
      key === '$ref' && typeof member === 'string' ? [member] : [...refsIn(member)],
    ),
  );
}
