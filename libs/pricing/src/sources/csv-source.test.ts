import { DawsosError } from '@dawsos/contracts';
import { readPriceCsv, readRateCsv } from './csv-source';

const HEADER = 'date,commodity,price,currency,source';
const prices = (...lines: string[]): ReturnType<typeof readPriceCsv> =>
  readPriceCsv({ name: 'prices/2024.csv', text: `${[HEADER, ...lines].join('\n')}\n` });

function errorOf(work: () => unknown): DawsosError {
  try {
    work();
  } catch (error) {
    if (error instanceof DawsosError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a price file', () => {
  it('gives each row with the place where it stands', () => {
    expect(prices('2024-01-02,NWND,288.40,USD,example-close')).toEqual([
      {
        kind: 'price',
        date: '2024-01-02',
        commodity: 'NWND',
        number: '288.4',
        currency: 'USD',
        source: 'example-close',
        place: { file: 'prices/2024.csv', line: 2 },
        implicit: false,
      },
    ]);
  });

  it('may have a byte order mark, quotes, Windows line ends and no last line end', () => {
    const text = `\uFEFF${HEADER}\r\n2024-01-02,"NWND",1,USD,s\r\n2024-01-03,NWND,2,USD,s`;
    const read = readPriceCsv({ name: 'a.csv', text });
    expect(read.map(({ number, place }) => [number, place.line])).toEqual([
      ['1', 2],
      ['2', 3],
    ]);
  });

  it.each([
    ['2024-02-30,NWND,1,USD,s', 'date: "2024-02-30" is not a calendar day'],
    ['02/01/2024,NWND,1,USD,s', 'date: "02/01/2024" is not a calendar day'],
    ['2024-01-02,nwnd,1,USD,s', 'commodity: "nwnd" is not a commodity'],
    ['2024-01-02,NWND,"1,000.5",USD,s', 'price: "1,000.5" is not a decimal number'],
    ['2024-01-02,NWND,,USD,s', 'price: is empty'],
    ['2024-01-02,NWND,NaN,USD,s', 'price: "NaN" is not a decimal number'],
    ['2024-01-02,NWND,1,$,s', 'currency: "$" is not a currency'],
    ['2024-01-02,NWND,1,USD,my source', 'source: "my source" is not the name of a source'],
    ['2024-01-02,NWND,1,USD', '4 fields instead of 5'],
    ['2024-01-02,NWND,1,USD,s,extra', '6 fields instead of 5'],
  ])('is refused for the line %s', (line, message) => {
    const error = errorOf(() => prices('2024-01-01,NWND,1,USD,s', line));
    expect(error.code).toBe('pack_unreadable');
    expect(error.message.replace(/^(prices\/2024\.csv:3):\d+/, '$1')).toContain(
      `prices/2024.csv:3: ${message}`,
    );
  });

  it('is refused with every fault, not only the first', () => {
    const error = errorOf(() =>
      prices('x,NWND,1,USD,s', '2024-01-02,NWND,1,USD,s', '2024-01-03,NWND,y,USD,s'),
    );
    expect(error.message).toContain('(and 1 more)');
    expect(error.extensions['faults']).toMatchObject([{ line: 2 }, { line: 4 }]);
  });

  it.each([
    ['', 'found nothing'],
    ['date,commodity,price\n', 'found date,commodity,price'],
    ['commodity,date,price,currency,source\n', 'the first line must be date,commodity'],
  ])('needs its columns named in its first line: %j', (text, message) => {
    expect(errorOf(() => readPriceCsv({ name: 'a.csv', text })).message).toContain(message);
  });

  it('is refused when a quote is never closed', () => {
    const error = errorOf(() => prices('2024-01-02,"NWND,1,USD,s'));
    expect(error.code).toBe('pack_unreadable');
  });
});

describe('a rate file', () => {
  const rates = (line: string): ReturnType<typeof readRateCsv> =>
    readRateCsv({ name: 'fx/2024.csv', text: `date,base,quote,rate,source\n${line}\n` });

  it('gives units of quote per unit of base', () => {
    expect(rates('2024-01-02,USD,CAD,1.3300,example-fx')).toMatchObject([
      { kind: 'rate', base: 'USD', quote: 'CAD', number: '1.33', source: 'example-fx' },
    ]);
  });

  it.each([
    ['2024-01-02,USD,CAD,0,s', 'rate: "0" must be above 0'],
    ['2024-01-02,USD,CAD,-1.3,s', 'rate: "-1.3" must be above 0'],
    ['2024-01-02,USD,USD,1,s', 'quote: "USD" is the base as well'],
  ])('is refused for the line %s', (line, message) => {
    expect(errorOf(() => rates(line)).message).toContain(message);
  });
});
