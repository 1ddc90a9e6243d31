import fc from 'fast-check';
import { findLeaks } from './leak-search';

const VALUE = 'Zoë Plantagenet';
const around = (text: string): string => `before ${text} after`;

describe('a planted value', () => {
  it.each([
    ['as it is', VALUE],
    ['in capitals', VALUE.toUpperCase()],
    ['percent-encoded', encodeURIComponent(VALUE)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(VALUE))],
    ['in a form', 'n=Zo%C3%AB+Plantagenet'],
    ['in hexadecimal', Buffer.from(VALUE).toString('hex')],
    ['in escaped JSON', JSON.stringify(JSON.stringify({ n: VALUE }))],
  ])('is found %s', (_, text) => {
    expect(findLeaks(around(text), [VALUE])).not.toEqual([]);
  });

  it('is found in base64, whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom('base64', 'base64url'),
        (before, after, alphabet) => {
          const encoded = Buffer.from(`${before}${VALUE}${after}`).toString(alphabet);
          expect(findLeaks(around(encoded), [VALUE])).toContain(`${VALUE} in base64`);
        },
      ),
    );
  });

  it.each(['cvv=7373', '{"cvv":"7373"}', 'cvv is 7373.', 'https://x.example/7373?a', 'cvv_7373'])(
    'is found as a short number in %s',
    (text) => {
      expect(findLeaks(text, ['7373'])).not.toEqual([]);
    },
  );

  it.each(['span 4f7373aa00', 'at 1795737342'])('is not found as a part of an id or a time: %s', (text) => {
    expect(findLeaks(text, ['7373'])).toEqual([]);
  });

  it('is not found where it is not', () => {
    expect(findLeaks(around('Zoe'), [VALUE])).toEqual([]);
  });
});
