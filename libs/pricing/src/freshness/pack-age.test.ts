import { isoDate, type PackSummary } from '@dawsos/contracts';
import { businessDaysBetween, packAge } from './pack-age';

const FRIDAY = isoDate('2025-10-17');
const summary = (over: Partial<PackSummary> = {}): PackSummary => ({
  pack_id: 'PP_2025-10-17',
  asof_date: FRIDAY,
  policy: 'CLOSE',
  status: 'fresh',
  content_hash: 'a'.repeat(64),
  created_at: '2025-10-17T22:00:00.000Z',
  built_at: '2025-10-17T22:00:01.000Z',
  superseded_by: null,
  price_count: 1,
  rate_count: 1,
  sources: ['s'],
  error_code: null,
  ...over,
});

describe('business days', () => {
  it.each([
    ['2025-10-17', 0],
    ['2025-10-19', 0],
    ['2025-10-20', 1],
    ['2025-10-24', 5],
    ['2025-10-27', 6],
    ['2025-10-01', 0],
  ])('from Friday 2025-10-17 to %s are %d', (end, count) => {
    expect(businessDaysBetween(FRIDAY, isoDate(end))).toBe(count);
  });
});

describe('the age of a pack', () => {
  const policy = { maxAgeBusinessDays: 3 };

  it('lets a fresh pack be fresh up to the limit, over a weekend', () => {
    expect(packAge(summary(), { day: isoDate('2025-10-22') }, policy)).toMatchObject({
      status: 'fresh',
      businessDays: 3,
    });
    expect(packAge(summary(), { day: isoDate('2025-10-23') }, policy)).toMatchObject({
      status: 'stale',
      reason: 'it is 4 business days older than 2025-10-23; 3 are allowed',
    });
  });

  it('counts a superseded pack as stale on its own day', () => {
    const pack = summary({ superseded_by: 'PP_2025-10-17_D1' });
    expect(packAge(pack, { day: FRIDAY }, policy)).toMatchObject({
      status: 'stale',
      reason: 'it is superseded by PP_2025-10-17_D1',
    });
  });

  it('leaves warming and error what they are', () => {
    expect(packAge(summary({ status: 'warming' }), { day: FRIDAY }, policy).status).toBe('warming');
    expect(packAge(summary({ status: 'error' }), { day: FRIDAY }, policy).status).toBe('error');
  });
});
