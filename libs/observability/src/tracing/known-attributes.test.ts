import { createPiiFilter } from '../pii/filter';
import { createKnownAttributes } from './known-attributes';

const pii = createPiiFilter();

describe('attributes that were filtered before', () => {
  it('are known by name and value, where the filter left them as they are', () => {
    const known = createKnownAttributes();
    const attributes = { pattern_id: 'overview', step_index: 1, cached: false };
    expect(known.haveAll(attributes)).toBe(false);
    known.learn(attributes, pii.attributes(attributes));
    expect(known.haveAll(attributes)).toBe(true);
    expect(known.haveAll({ ...attributes, step_index: 2 })).toBe(false);
    expect(known.haveAll({ capability: 'overview' })).toBe(false);
  });

  it('are never known where the filter changed or dropped them', () => {
    const known = createKnownAttributes();
    const attributes = { note: 'jane.doe@example.com', password: 'hunter2', portfolio_id: 'growth' };
    known.learn(attributes, pii.attributes(attributes));
    for (const [name, value] of Object.entries(attributes))
      expect(known.haveAll({ [name]: value })).toBe(false);
  });

  it('are forgotten rather than pile up', () => {
    const known = createKnownAttributes();
    for (let index = 0; index < 10_000; index += 1) known.learn({ index }, { index });
    expect(known.haveAll({ index: 0 })).toBe(false);
    expect(known.haveAll({ index: 9_999 })).toBe(true);
  });
});
