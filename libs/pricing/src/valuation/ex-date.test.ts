import { Decimal, isoDate } from '@dawsos/contracts';
import type { CommoditySplit } from '@dawsos/ledger';
import { effectiveSplits, type DatedQuote } from './ex-date';

const split = (ratio: string, bookedOn: string, exDate: string | null = null): CommoditySplit => ({
  commodity: 'ABC',
  ratio: new Decimal(ratio),
  exDate: exDate === null ? null : isoDate(exDate),
  bookedOn: isoDate(bookedOn),
  bookings: [],
  leftOut: [],
});

const quotes = (...lines: string[]): DatedQuote[] =>
  lines.map((line) => {
    const [date = '', number = ''] = line.split(' ');
    return { date: isoDate(date), number: new Decimal(number), currency: 'USD' };
  });

const found = (splits: CommoditySplit[], series: DatedQuote[]) =>
  effectiveSplits(splits, series).map(({ exDate, basis }) => `${exDate} ${basis}`);

describe('the first day on which quotes are of the new unit', () => {
  const week = quotes('2024-06-06 1210', '2024-06-07 1209', '2024-06-10 122', '2024-06-11 121');

  test('is the declared one where the ledger declares it', () => {
    expect(found([split('10', '2024-06-07', '2024-06-10')], week)).toEqual(['2024-06-10 declared']);
  });

  test.each(['2024-06-07', '2024-06-10', '2024-06-12', '2024-06-05'])(
    'is that of the jump, booked on the eve, the day or later: %s',
    (booked) => {
      expect(found([split('10', booked)], week)).toEqual(['2024-06-10 quotes']);
    },
  );

  test('is the booking within a weekend that the jump spans', () => {
    expect(found([split('10', '2024-06-08')], week)).toEqual(['2024-06-08 quotes']);
  });

  test('is still to come where no quote stands since the booking, that of its day being of the old unit', () => {
    expect(found([split('10', '2024-06-07')], week.slice(0, 2))).toEqual(['2024-06-08 assumed']);
    expect(found([split('10', '2024-06-10')], week.slice(0, 2))).toEqual(['2024-06-10 assumed']);
  });

  test('is that of the best fit where two jumps are near', () => {
    const crash = quotes('2024-06-06 1000', '2024-06-07 600', '2024-06-10 301', '2024-06-11 300');
    expect(found([split('2', '2024-06-07')], crash)).toEqual(['2024-06-10 quotes']);
  });

  test('is that of a sparse next quote, however far it is', () => {
    expect(found([split('4', '2024-04-15')], quotes('2024-03-31 100', '2024-06-30 31'))).toEqual([
      '2024-04-15 quotes',
    ]);
  });

  test('of two splits, each takes its own jump', () => {
    const two = quotes('2024-06-05 100', '2024-06-06 50', '2024-06-10 50', '2024-06-11 25');
    expect(found([split('2', '2024-06-06'), split('2', '2024-06-11')], two)).toEqual([
      '2024-06-06 quotes',
      '2024-06-11 quotes',
    ]);
  });

  test('cannot be told where quotes go on as if nothing had happened: they look adjusted', () => {
    const smooth = quotes('2024-06-06 121', '2024-06-07 121', '2024-06-10 122', '2024-06-11 121');
    expect(found([split('10', '2024-06-07')], smooth)).toEqual(['2024-06-07 untellable']);
  });

  test('is taken to be the booking where the split is no more than a day may move', () => {
    expect(found([split('1.05', '2024-06-07')], week)).toEqual(['2024-06-07 assumed']);
  });
});
