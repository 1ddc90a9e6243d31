import fc from 'fast-check';
import { framesOf, tellableMessages, withoutQuoted } from './error-message';
import { createPiiFilter } from './filter';

const pii = createPiiFilter();

/** An error of one's own that says what may be told. */
class OwnError extends Error {
  readonly code = 'commodity_not_held';
  readonly detail = 'Quillon holds NWND';
  get telemetryMessage(): string {
    return 'The portfolio does not hold this commodity.';
  }
}

describe('the message of an error, on its way out', () => {
  it.each([
    [
      'the portfolio never held "Quillon Zebra"; it holds NWND',
      'the portfolio never held "…"; it holds NWND',
    ],
    ["ENOENT: no such file, open '/home/quillon/books'", 'ENOENT: no such file, open "…"'],
    [
      "the portfolio's base isn't held; the account's 'Quillon'",
      "the portfolio's base isn't held; the account's \"…\"",
    ],
    ['unexpected `quillon` and “zebra”', 'unexpected "…" and "…"'],
    ['cut off in "Quillon Zeb', 'cut off in "…"'],
  ])('leaves what it quotes behind: %s', (message, told) => {
    expect(withoutQuoted(message)).toBe(told);
    expect(pii.error(new Error(message))).toMatchObject({ message: told });
  });

  it('leaves any quoted word behind, and nothing more the second time', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[A-Z]{12}$/), fc.string(), (before, name, after) => {
        const told = withoutQuoted(`${before.replaceAll(/["'`“”]/g, '')} "${name}" ${after}`);
        expect(told).not.toContain(name);
        expect(withoutQuoted(told)).toBe(told);
      }),
    );
  });

  it('is not in the stack either', () => {
    const error = new Error('nobody called "Quillon"');
    expect(JSON.stringify(pii.error(error))).not.toContain('Quillon');
    expect(framesOf(error.stack ?? '')).toMatch(/^ +at /);
  });

  it('is what the error says itself, where it does, without its own fields', () => {
    const filtered = pii.error(
      new OwnError('Quillon never held "XYZ"', { cause: new Error('of "Quillon"') }),
    );
    expect(filtered).toEqual({
      name: 'Error',
      code: 'commodity_not_held',
      message: 'The portfolio does not hold this commodity.',
      cause: expect.objectContaining({ message: 'of "…"' }),
      stack: expect.stringMatching(/^ +at /),
    });
  });

  it('is told of each cause and each of several errors', () => {
    const several = new AggregateError([new Error('of "A"'), new OwnError('of B')], 'two failed');
    expect([...tellableMessages(new Error('outer "x"', { cause: several }))]).toEqual([
      ['outer "x"', 'outer "…"'],
      ['two failed', 'two failed'],
      ['of "A"', 'of "…"'],
      ['of B', 'The portfolio does not hold this commodity.'],
    ]);
  });

  it('is never what a proxy or a getter makes of it', () => {
    const thrower = Object.defineProperty(new Error(), 'message', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(() => tellableMessages(thrower)).not.toThrow();
    expect([...tellableMessages(new Proxy(new Error('x'), {}))]).toEqual([]);
    expect([...tellableMessages('text')]).toEqual([]);
  });
});
