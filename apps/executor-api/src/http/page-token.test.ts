import fc from 'fast-check';
import { z } from 'zod';
import { pageTokens } from './page-token';

const tokens = pageTokens(
  z.tuple([z.iso.datetime(), z.uuid()]),
  (position: { at: Date; id: string }) => [position.at.toISOString(), position.id] as const,
  ([at, id]) => ({ at: new Date(at), id }),
);

describe('a page token', () => {
  it('leads back to the position it was made of', () => {
    const at = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(at, fc.uuid(), (date, id) => {
        const token = tokens.encode({ at: date, id });
        expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(tokens.decode(token)).toEqual({ at: date, id });
      }),
    );
  });

  it('is refused when it is anything else', () => {
    const refused = (token: string) =>
      expect(() => tokens.decode(token)).toThrow(expect.objectContaining({ code: 'invalid_page_token' }));
    fc.assert(fc.property(fc.string(), refused));
    refused(Buffer.from('["2025-01-01T00:00:00.000Z","1 or 1=1"]').toString('base64url'));
    refused('A'.repeat(10_000));
  });
});
