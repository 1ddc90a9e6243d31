import { addDays, daysBetween, isoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { holdingTerm, longTermFrom } from './holding-period';

const days = fc.integer({ min: 0, max: 40_000 }).map((offset) => addDays(isoDate('1970-01-01'), offset));

describe('holding period', () => {
  it.each([
    // Publication 550's own example: bought on 6 February, sold a year later to the day, and a day after.
    ['2024-02-06', '2025-02-06', 'short'],
    ['2024-02-06', '2025-02-07', 'long'],
    // Bought on the last day of February: it starts on 1 March (Revenue Ruling 66-7).
    ['2023-02-28', '2024-02-29', 'short'],
    ['2023-02-28', '2024-03-01', 'long'],
    ['2024-02-29', '2025-02-28', 'short'],
    ['2024-02-29', '2025-03-01', 'long'],
    // It starts on 29 February.
    ['2024-02-28', '2025-02-28', 'short'],
    ['2024-02-28', '2025-03-01', 'long'],
    ['2024-12-31', '2025-12-31', 'short'],
    ['2024-12-31', '2026-01-01', 'long'],
  ] as const)('bought %s, sold %s: %s-term', (acquired, sold, term) => {
    expect(holdingTerm(isoDate(acquired), isoDate(sold))).toBe(term);
  });

  it('takes 366 or 367 days, and is never shorter for what is bought later', () => {
    fc.assert(
      fc.property(days, (acquired) => {
        expect([366, 367]).toContain(daysBetween(acquired, longTermFrom(acquired)));
        expect(longTermFrom(addDays(acquired, 1)) >= longTermFrom(acquired)).toBe(true);
      }),
    );
  });
});
