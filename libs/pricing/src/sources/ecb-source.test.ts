import { isDawsosError } from '@dawsos/contracts';
import { readEcbCsv } from './ecb-source';

const read = (text: string): ReturnType<typeof readEcbCsv> =>
  readEcbCsv({ name: 'ecb/eurofxref-hist.csv', text });

describe('the history of euro reference rates', () => {
  it('is read as the bank publishes it: newest first, N/A for none, a comma at each end', () => {
    const quotes = read(
      'Date,USD,JPY,CAD,\n2024-01-03,1.0919,155.43,1.4571,\n2024-01-02,1.0956,N/A,1.4565,\n',
    );
    expect(
      quotes.map((quote) => [quote.date, quote.base, quote.quote, quote.number, quote.place.line]),
    ).toEqual([
      ['2024-01-03', 'EUR', 'USD', '1.0919', 2],
      ['2024-01-03', 'EUR', 'JPY', '155.43', 2],
      ['2024-01-03', 'EUR', 'CAD', '1.4571', 2],
      ['2024-01-02', 'EUR', 'USD', '1.0956', 3],
      ['2024-01-02', 'EUR', 'CAD', '1.4565', 3],
    ]);
    expect(new Set(quotes.map((quote) => quote.source))).toEqual(new Set(['ecb']));
  });

  it('may have blanks after commas, as the daily file has, and Windows line ends', () => {
    expect(read('Date, USD, JPY, \r\n2024-01-03, 1.0919, 155.43, \r\n')).toHaveLength(2);
  });

  it.each([
    ['', 'the first line must be Date and the currencies'],
    ['<html>', 'the first line must be Date and the currencies'],
    ['Date,USD,\n03 January 2024,1.09,\n', ':2: Date: "03 January 2024" is not a calendar day'],
    ['Date,USD,JPY,\n2024-01-03,1.09,\n', ':2: 1 rates instead of 2'],
    ['Date,USD,\n2024-01-03,0,\n', ':2: USD: "0" is not a rate'],
    ['Date,USD,\n2024-01-03,-,\n', ':2: USD: "-" is not a rate'],
  ])('is refused: %j', (text, message) => {
    expect.assertions(2);
    try {
      read(text);
    } catch (error) {
      expect(isDawsosError(error) && error.code).toBe('pack_unreadable');
      expect(String(error)).toContain(message);
    }
  });
});
