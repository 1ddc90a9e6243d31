import { createPiiFilter } from '../pii/filter';
import { createKnownAttributes } from './known-attributes';

const pii = createPiiFilter();

describe('attributes that were filtered before', () => {
  it('are known by name and value, where the filter left them as they are', () => {
    const known = createKnownAttributes();
    const attributes = { pattern_id: 'overview', step_index: 1, cached: false };
    expect(known.unknownOf(attributes)).toEqual(attributes);
    known.learn(attributes, pii.attributes(attributes));
    expect(known.unknownOf(attributes)).toBeUndefined();
    expect(known.unknownOf({ ...attributes, step_index: 2 })).toEqual({ step_index: 2 });
    expect(known.unknownOf({ capability: 'overview' })).toEqual({ capability: 'overview' });
  });

  it('are never known where the filter changed or dropped them', () => {
    const known = createKnownAttributes();
    const attributes = { note: 'jane.doe@example.com', password: 'hunter2', portfolio_id: 'growth' };
    known.learn(attributes, pii.attributes(attributes));
    expect(known.unknownOf(attributes)).toEqual(attributes);
  });

  it('are forgotten rather than pile up', () => {
    const known = createKnownAttributes();
    const text = 'a'.repeat(200);
    const valueOf = (index: number) => ({ value: `${text}${String(index)}` });
    for (let index = 0; index < 10_000; index += 1) known.learn(valueOf(index), valueOf(index));
    expect(known.unknownOf(valueOf(0))).toEqual(valueOf(0));
    expect(known.unknownOf(valueOf(9_999))).toBeUndefined();
  });
});
