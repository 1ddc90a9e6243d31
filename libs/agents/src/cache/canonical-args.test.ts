import { contentHash, type JsonObject } from '@dawsos/contracts';
import fc from 'fast-check';
import { hashArgs } from './canonical-args';
import { deepFreeze } from './freeze';

test('the hash of arguments is that of their canonical JSON, whether or not they hold frozen results', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (value, frozen) => {
      const args = JSON.parse(JSON.stringify(value)) as JsonObject;
      const expected = contentHash(args);
      for (const member of frozen ? Object.values(args) : []) deepFreeze(member);
      expect([hashArgs(args), hashArgs(args)]).toEqual([expected, expected]);
    }),
  );
});
