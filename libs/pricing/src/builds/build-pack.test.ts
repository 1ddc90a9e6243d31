import { isoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { day, price, quotes, rate } from '../__fixtures__/quotes';
import { buildPack, newestQuoteDate } from './build-pack';
import type { Quote } from '../sources/quote';

const asofDate = day(30);
const build = (...sources: Quote[][]): ReturnType<typeof buildPack> =>
  buildPack({ asofDate, sources: sources.map((own) => ({ quotes: own })) });

describe('building a pack', () => {
  it('names it by its day and policy, and counts what it holds', () => {
    const pack = build([price('AAA', day(1), '10'), rate('USD', 'CAD', day(1), '1.3')]);
    expect(pack).toMatchObject({
      id: 'PP_2024-01-31',
      priceCount: 1,
      rateCount: 1,
      sources: ['test-close', 'test-fx'],
      report: { first_date: day(1), last_date: day(1), commodities: 1, pairs: 1 },
    });
  });

  it('keeps out what is later than its day', () => {
    const pack = build([price('AAA', day(30), '10'), price('AAA', day(31), '11')]);
    expect(pack.series.map(({ text }) => text)).toEqual([`${day(30)} 10 USD test-close`]);
  });

  it('takes the price of money for an exchange rate', () => {
    const pack = buildPack({
      asofDate,
      sources: [
        {
          quotes: [price('GBP', day(1), '1.7', 'CAD')],
          isMoney: (name) => ['GBP', 'CAD', 'EUR', 'JPY', 'USD'].includes(name),
        },
      ],
    });
    expect(pack.series).toMatchObject([{ kind: 'rate', name: 'GBP CAD' }]);
    const quoted = build([price('USD', day(1), '1.3', 'CAD'), price('AAA', day(1), '5', 'USD')]);
    expect(quoted.series).toMatchObject([
      { kind: 'price', name: 'AAA' },
      { kind: 'rate', name: 'USD CAD' },
    ]);
  });

  it('merges equal quotes under the source that sorts first', () => {
    const ledger = price('AAA', day(1), '10', 'USD', { source: 'ledger' });
    const pack = build([price('AAA', day(1), '10')], [ledger]);
    expect(pack.series[0]?.text).toBe(`${day(1)} 10 USD ledger`);
    expect(build([ledger], [price('AAA', day(1), '10')]).hash).toBe(pack.hash);
  });

  it('refuses quotes that differ, and names both places', () => {
    const first = price('AAA', day(1), '10', 'USD', { place: { file: 'a.csv', line: 7 } });
    const second = price('AAA', day(1), '11', 'USD', { place: { file: 'b.csv', line: 9 } });
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      expect(() => build(order)).toThrow(
        'b.csv:9: the price of AAA in USD on 2024-01-02 is 11 here and 10 at a.csv:7',
      );
    }
  });

  it('refuses rates that differ, a rate that is not above 0, and no quotes at all', () => {
    expect(() => build([rate('USD', 'CAD', day(1), '1.3'), rate('USD', 'CAD', day(1), '1.4')])).toThrow(
      'the rate USD/CAD on 2024-01-02 is 1.4 here and 1.3 at fx.csv:2',
    );
    expect(() =>
      buildPack({
        asofDate,
        sources: [
          {
            quotes: [price('GBP', day(1), '0', 'CAD')],
            isMoney: (name) => ['GBP', 'CAD', 'EUR', 'JPY', 'USD'].includes(name),
          },
        ],
      }),
    ).toThrow('the rate GBP/CAD is 0; it must be above 0');
    expect(() => build([price('AAA', day(31), '1')])).toThrow(
      'no source has a price on or before 2024-01-31',
    );
  });

  it('lets a stated price stand before those that the ledger drew from trades, and the last of these otherwise', () => {
    const drawn = (number: string, at: number) => price('AAA', day(at), number, 'USD', { implicit: true });
    const pack = build([drawn('9', 1), drawn('8', 2), drawn('7', 2)], [price('AAA', day(1), '10')]);
    expect(pack.series[0]?.text).toBe(`${day(1)} 10 USD test-close\n${day(2)} 7 USD test-close`);
  });

  it('keeps one currency a day, the commodity’s own, and reports the other', () => {
    const listed = [price('AAA', day(1), '10', 'USD'), price('AAA', day(1), '13', 'CAD')];
    const own = buildPack({
      asofDate,
      sources: [{ quotes: listed, quoteCurrency: new Map([['AAA', 'USD']]) }],
    });
    expect(own.series[0]?.text).toBe(`${day(1)} 10 USD test-close`);
    expect(own.report.set_aside).toMatchObject([{ commodity: 'AAA', currency: 'CAD', number: '13' }]);
    expect(build(listed).series[0]?.text).toBe(`${day(1)} 13 CAD test-close`);
  });
});

describe('the hash of a pack', () => {
  it('is that of the canonical form, written down', () => {
    const pack = build([price('AAA', day(1), '10.5'), rate('USD', 'CAD', day(1), '1.3')]);
    // printf '2024-01-02 10.5 USD test-close' | sha256sum, and so on up the manifest
    expect(pack.series.map(({ hash }) => hash)).toEqual([
      '2c273979e5b00ad83f49dcdb232aa5d8c6820138586b7cc0b7f5aec54c06fdc4',
      '1615f78fcb28b70008f37afb5cc3ed21d4ac556cb682f49a01f5153c8168fab4',
    ]);
    expect(pack.hash).toBe('f3196ce5aeba100abff25d6fcfd36a0122baab0ce4658b9109d53da1512b7cae');
  });

  it('does not depend on the order of rows or on which source states them', () => {
    fc.assert(
      fc.property(
        quotes.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const half = Math.floor(shuffled.length / 2);
          expect(build(shuffled.slice(half), shuffled.slice(0, half)).hash).toBe(build(all).hash);
        },
      ),
    );
  });

  it('changes with any quote: its number, its day, its source, its absence', () => {
    fc.assert(
      fc.property(
        quotes,
        fc.nat(),
        fc.constantFrom<(quote: Quote) => Quote[]>(
          (quote) => [{ ...quote, number: `${quote.number}${quote.number.includes('.') ? '1' : '.1'}` }],
          (quote) => [{ ...quote, date: isoDate('2023-12-31') }],
          (quote) => [{ ...quote, source: 'another' }],
          () => [],
        ),
        (all, pick, change) => {
          const index = pick % all.length;
          const changed = all.flatMap((quote, at) => (at === index ? change(quote) : [quote]));
          fc.pre(changed.length > 0);
          expect(build(changed).hash).not.toBe(build(all).hash);
        },
      ),
    );
  });

  it('changes with the day and the policy', () => {
    const sources = [{ quotes: [price('AAA', day(1), '10')] }];
    const hashes = [
      buildPack({ asofDate, sources }),
      buildPack({ asofDate: day(29), sources }),
      buildPack({ asofDate, policy: 'WM4PM', sources }),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(3);
  });
});

it('the newest day with a quote is the day of the pack to build', () => {
  const sources = [{ quotes: [price('AAA', day(3), '1')] }, { quotes: [price('AAA', day(9), '1')] }];
  expect(newestQuoteDate(sources)).toBe(day(9));
  expect(newestQuoteDate(sources, day(5))).toBe(day(3));
  expect(newestQuoteDate([])).toBeUndefined();
});
