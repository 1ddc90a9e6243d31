import fc from 'fast-check';
import {
  addDays,
  canonicalJson,
  contentHash,
  daysBetween,
  ExecuteRequestSchema,
  isIsoDate,
  isoDate,
  weekday,
} from './index';

describe('a calendar day', () => {
  it('is refused when it does not exist', () => {
    expect(isIsoDate('2025-02-29')).toBe(false);
    expect(isIsoDate('2024-02-29')).toBe(true);
    expect(() => isoDate('22.10.2025')).toThrow(/YYYY-MM-DD/);
  });

  it('counts days both ways', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 40_000 }), (days) => {
        const start = isoDate('2000-01-01');
        expect(daysBetween(start, addDays(start, days))).toBe(days);
      }),
    );
    expect(weekday(isoDate('2025-10-22'))).toBe(3);
  });
});

describe('canonical JSON', () => {
  it('gives equal bytes, and so equal hashes, whatever the order of members', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'é'] })).toBe('{"a":[true,null,"é"],"b":1}');
    expect(contentHash({ b: 1, a: 2 })).toBe(contentHash({ a: 2, b: 1 }));
  });
});

describe('an execute request', () => {
  it('needs no more than a pattern', () => {
    expect(ExecuteRequestSchema.parse({ pattern_id: 'portfolio_overview' })).toEqual({
      pattern_id: 'portfolio_overview',
      inputs: {},
      allow_stale: false,
      wait_for_fresh: false,
    });
  });

  it.each([
    [{ pattern_id: '../etc/passwd' }, 'pattern_id'],
    [{ pattern_id: 'p', ledger_ref: '--upload-pack=x' }, 'ledger_ref'],
    [{ pattern_id: 'p', ledger_ref: 'a/../b' }, 'ledger_ref'],
    [{ pattern_id: 'p', pricing_pack_id: 'PP_yesterday' }, 'pricing_pack_id'],
    [{ pattern_id: 'p', asof_date: '2025-13-01' }, 'asof_date'],
    [{ pattern_id: 'p', user_id: 'someone' }, ''],
  ])('refuses %j and names the field', (body, field) => {
    const result = ExecuteRequestSchema.safeParse(body);
    expect(result.success).toBe(false);
    expect(result.error?.issues[0]?.path.join('.')).toBe(field);
  });
});
