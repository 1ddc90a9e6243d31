import { PLANTED_SECRETS, type PlantedSecret } from '@dawsos/testing';
import { createPiiFilter } from './filter';

const pii = createPiiFilter();

const PLACES: Readonly<Record<string, (secret: PlantedSecret) => unknown>> = {
  'under its name': ({ key, value }) => ({ [key]: value }),
  'under its name in capitals': ({ key, value }) => ({ [key.toUpperCase()]: value }),
  'in a sentence': ({ sentence }) => ({ sentence }),
  'in a key': ({ sentence }) => ({ [sentence]: 1 }),
  'in an error, its stack and its cause': ({ sentence }) => ({
    error: new Error(sentence, { cause: new Error(sentence) }),
  }),
  'in JSON inside of text': ({ key, value }) => ({ text: `got ${JSON.stringify({ a: { [key]: value } })}` }),
  'in nested JSON': ({ key, value }) => ({ text: JSON.stringify({ a: JSON.stringify({ [key]: value }) }) }),
  'in a query string': ({ key, value }) => ({ url: `https://h.test/x?${key}=${encodeURIComponent(value)}` }),
  'percent-encoded twice': ({ sentence }) => ({ x: encodeURIComponent(encodeURIComponent(sentence)) }),
  'in base64': ({ sentence }) => ({ x: Buffer.from(sentence).toString('base64') }),
  'in a payload, under any name': ({ value }) => ({ body: { note: value, nested: [{ v: value }] } }),
  'in an attribute': ({ key, value }) => ({ [`app.${key}`]: value }),
};

/** What would be seen of the value: as it is, escaped, percent-encoded, in base64. */
const traces = ({ value, sentence }: PlantedSecret): readonly string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
  encodeURIComponent(encodeURIComponent(value)),
  Buffer.from(value).toString('base64').slice(0, -4),
  Buffer.from(sentence).toString('base64').slice(0, -4),
];

describe('of what was planted', () => {
  it('there are more than 60 kinds', () => {
    expect(new Set(PLANTED_SECRETS.map(({ kind }) => kind)).size).toBeGreaterThan(60);
  });

  describe.each(PLANTED_SECRETS.map((secret) => [secret.kind, secret] as const))('%s', (_, secret) => {
    it.each(Object.entries(PLACES))('is not let through %s', (_place, plant) => {
      const sent = JSON.stringify(pii.fields(plant(secret) as object));
      for (const trace of traces(secret).filter(({ length }) => length >= 4))
        expect(sent).not.toContain(trace);
    });
  });
});
