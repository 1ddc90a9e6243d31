import { Decimal, isoDate, ONE, type IsoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { day, meshedRates, price, quotes, rate } from '../__fixtures__/quotes';
import { buildPack } from '../builds/build-pack';
import { createPricingPack } from './price-lookup';
import type { PricingPack } from './pricing-pack';
import type { PriceQuote, Quote, RateQuote } from '../sources/quote';

function packOf(all: readonly Quote[]): PricingPack {
  const { id, hash, series, key } = buildPack({ asofDate: day(30), sources: [{ quotes: all }] });
  return createPricingPack({ id, hash, series, asofDate: key.asofDate });
}

const newestOf = <Q extends Quote>(all: readonly Q[], date: IsoDate): Q | undefined =>
  all.filter((quote) => quote.date <= date).sort((a, b) => (a.date < b.date ? 1 : -1))[0];

describe('a price', () => {
  const pack = packOf([price('AAA', day(3), '10'), price('AAA', day(5), '12')]);

  it('is the newest on or before the day, never a later one', () => {
    expect(pack.price('AAA', day(2))).toBeUndefined();
    expect(pack.price('AAA', day(3))).toMatchObject({ date: day(3), currency: 'USD', source: 'test-close' });
    expect(pack.price('AAA', day(4))?.number.toFixed()).toBe('10');
    expect(pack.price('AAA', day(99))?.number.toFixed()).toBe('12');
    expect(pack.price('BBB', day(5))).toBeUndefined();
  });

  it('equals a naive scan, and so does a series', () => {
    fc.assert(
      fc.property(
        quotes,
        fc.integer({ min: -2, max: 33 }),
        fc.integer({ min: -2, max: 33 }),
        (all, from, to) => {
          const packed = packOf(all);
          for (const commodity of ['AAA', 'BBB', 'CCC']) {
            const own = all.filter((q): q is PriceQuote => q.kind === 'price' && q.commodity === commodity);
            const found = packed.price(commodity, day(to));
            const wanted = newestOf(own, day(to));
            expect(found?.date).toBe(wanted?.date);
            expect(found?.number.toFixed()).toBe(wanted?.number);
            const between = own.filter((quote) => quote.date >= day(from) && quote.date <= day(to));
            expect(packed.priceSeries(commodity, day(from), day(to)).map((point) => point.date)).toEqual(
              between.map((quote) => quote.date).sort(),
            );
          }
        },
      ),
    );
  });
});

describe('a rate', () => {
  it('is 1 for a currency in itself, and undefined where no chain leads', () => {
    const pack = packOf([rate('USD', 'CAD', day(3), '1.3')]);
    expect(pack.rate('USD', 'USD', day(1))).toEqual({
      base: 'USD',
      quote: 'USD',
      date: day(1),
      newest: day(1),
      number: ONE,
      sources: [],
      chain: ['USD'],
    });
    expect(pack.rate('USD', 'CAD', day(2))).toBeUndefined();
    expect(pack.rate('USD', 'JPY', day(5))).toBeUndefined();
  });

  it('is inverted, with the day of the rate that it comes from', () => {
    const found = packOf([rate('USD', 'CAD', day(3), '1.25')]).rate('CAD', 'USD', day(9));
    expect(found).toMatchObject({ base: 'CAD', quote: 'USD', date: day(3), sources: ['test-fx'] });
    expect(found?.number.toFixed()).toBe('0.8');
  });

  it('goes by the newer of a pair and its inverse, the pair itself on the same day', () => {
    const all = [
      rate('USD', 'CAD', day(1), '1.25'),
      rate('CAD', 'USD', day(2), '0.5'),
      rate('USD', 'CAD', day(3), '4'),
    ];
    const pack = packOf([...all, rate('CAD', 'USD', day(3), '0.125')]);
    expect(pack.rate('USD', 'CAD', day(1))?.number.toFixed()).toBe('1.25');
    expect(pack.rate('USD', 'CAD', day(2))?.number.toFixed()).toBe('2');
    expect(pack.rate('USD', 'CAD', day(3))?.number.toFixed()).toBe('4');
  });

  it('is chained by the way whose oldest link is freshest, and as old as that', () => {
    const chain = [rate('GBP', 'EUR', day(1), '1.2'), rate('EUR', 'USD', day(4), '1.1')];
    const pack = packOf([...chain, rate('GBP', 'CAD', day(6), '1.7'), rate('USD', 'CAD', day(6), '1.25')]);
    expect(pack.rate('GBP', 'USD', day(5))).toMatchObject({ date: day(1) });
    expect(pack.rate('GBP', 'USD', day(5))?.number.toFixed()).toBe('1.32');
    expect(pack.rate('GBP', 'USD', day(6))).toMatchObject({ date: day(6) });
    expect(pack.rate('GBP', 'USD', day(6))?.number.toFixed()).toBe('1.36');
  });

  it('does not go by an old pair beside a fresh chain, and by the pair again once it is as fresh', () => {
    const chain = [rate('EUR', 'USD', day(9), '1.25'), rate('EUR', 'CAD', day(9), '1.5')];
    const old = packOf([...chain, rate('USD', 'CAD', day(1), '1.04')]).rate('USD', 'CAD', day(9));
    expect([old?.number.toFixed(), old?.date, old?.chain]).toEqual(['1.2', day(9), ['USD', 'EUR', 'CAD']]);
    const fresh = packOf([...chain, rate('USD', 'CAD', day(9), '1.21')]).rate('USD', 'CAD', day(9));
    expect([fresh?.number.toFixed(), fresh?.chain]).toEqual(['1.21', ['USD', 'CAD']]);
  });

  it('takes, of chains with one oldest link, the newer newest link', () => {
    const pair = rate('USD', 'CAD', day(4), '1.3');
    const pack = packOf([pair, rate('EUR', 'USD', day(4), '1.25'), rate('EUR', 'CAD', day(7), '1.5')]);
    expect(pack.rate('USD', 'CAD', day(8))).toMatchObject({ date: day(4), chain: ['USD', 'EUR', 'CAD'] });
    expect(pack.rate('USD', 'CAD', day(5))).toMatchObject({ date: day(4), chain: ['USD', 'CAD'] });
  });

  it('counts pence of a pound and what the euro replaced as no link: they never age', () => {
    const pack = packOf([rate('GBP', 'EUR', day(3), '1.2'), rate('GBX', 'GBP', day(1), '0.02')]);
    expect(pack.rate('GBX', 'EUR', day(9))).toMatchObject({ date: day(3), chain: ['GBX', 'GBP', 'EUR'] });
    expect(pack.rate('GBX', 'EUR', day(9))?.number.toFixed()).toBe('0.012');
    expect(pack.rate('GBX', 'GBP', day(9))).toMatchObject({ date: day(9), sources: [] });
    expect(pack.rate('GBX', 'GBP', day(9))?.number.toFixed()).toBe('0.01');
    expect(pack.rate('EUR', 'DEM', day(9))?.number.toFixed()).toBe('1.95583');
    expect(pack.rate('EUR', 'DEM', isoDate('1998-12-31'))).toBeUndefined();
    expect(pack.rate('DEM', 'GBX', day(9))).toMatchObject({ date: day(3) });
  });

  it('equals the best of all chains, tried one by one', () => {
    fc.assert(
      fc.property(meshedRates, fc.integer({ min: 0, max: 31 }), (all, at) => {
        const pack = packOf(all);
        const rates = all.filter((quote): quote is RateQuote => quote.kind === 'rate');
        for (const [base, quote] of [
          ['USD', 'CAD'],
          ['CAD', 'EUR'],
          ['JPY', 'CAD'],
          ['EUR', 'GBP'],
        ] as const) {
          const found = pack.rate(base, quote, day(at));
          const wanted = naiveRate(rates, base, quote, day(at));
          expect(found?.date).toBe(wanted?.date);
          expect(found?.number.toFixed()).toBe(wanted?.number.toFixed());
        }
      }),
    );
  });

  it('has a series of the days on which any link has one, each dated so', () => {
    const chain = [rate('EUR', 'USD', day(1), '2'), rate('EUR', 'USD', day(3), '3')];
    const pack = packOf([...chain, rate('USD', 'CAD', day(2), '5'), rate('USD', 'CAD', day(3), '7')]);
    const series = pack.rateSeries('EUR', 'CAD', day(0), day(9));
    expect(series.map(({ date, number }) => [date, number.toFixed()])).toEqual([
      [day(2), '10'],
      [day(3), '21'],
    ]);
    expect(pack.rateSeries('USD', 'USD', day(0), day(2))).toHaveLength(3);
  });
});

function naiveRate(
  rates: readonly RateQuote[],
  base: string,
  quote: string,
  date: IsoDate,
): { date: IsoDate; number: Decimal } | undefined {
  const link = (from: string, to: string): { date: IsoDate; number: Decimal } | undefined => {
    const direct = newestOf(
      rates.filter((r) => r.base === from && r.quote === to),
      date,
    );
    const inverse = newestOf(
      rates.filter((r) => r.base === to && r.quote === from),
      date,
    );
    if (inverse === undefined || (direct !== undefined && direct.date >= inverse.date)) {
      return direct && { date: direct.date, number: new Decimal(direct.number) };
    }
    return { date: inverse.date, number: ONE.div(inverse.number) };
  };
  const currencies = ['CAD', 'EUR', 'GBP', 'JPY', 'USD'];
  const chains: string[][] = [];
  const walk = (path: string[]): void => {
    const last = path.at(-1) ?? '';
    if (last === quote) chains.push(path);
    else for (const next of currencies) if (!path.includes(next) && link(last, next)) walk([...path, next]);
  };
  walk([base]);
  const datesOf = (chain: string[]): string[] =>
    chain
      .slice(1)
      .map((to, index) => link(chain[index] ?? '', to)!.date)
      .sort();
  const oldest = chains.map((chain) => datesOf(chain)[0]!).sort();
  const within = chains.filter((chain) => datesOf(chain)[0] === oldest.at(-1));
  const shortest = Math.min(...within.map((chain) => chain.length));
  const [best] = within
    .filter((chain) => chain.length <= shortest + 1)
    .sort((a, b) => {
      const [newer, other] = [datesOf(a).at(-1)!, datesOf(b).at(-1)!];
      if (newer !== other) return newer > other ? -1 : 1;
      return a.length - b.length || (a.join(' ') < b.join(' ') ? -1 : 1);
    });
  if (best === undefined) return undefined;
  const links = best.slice(1).map((to, index) => link(best[index] ?? '', to)!);
  return {
    date: links.map((point) => point.date).sort()[0]!,
    number: links.slice(1).reduce((product, point) => product.times(point.number), links[0]!.number),
  };
}

describe('the hash of an answer', () => {
  const all = [price('AAA', day(3), '10'), price('AAA', day(5), '12'), rate('USD', 'CAD', day(3), '1.3')];

  it('is equal for equal answers of two packs, and differs with any part of them', () => {
    const [one, two] = [packOf(all), packOf([...all, price('BBB', day(1), '1')])];
    expect(one.hash).not.toBe(two.hash);
    expect(one.hashOf(one.price('AAA', day(4)))).toBe(two.hashOf(two.price('AAA', day(4))));
    expect(one.hashOf(one.priceSeries('AAA', day(0), day(9)))).toBe(
      two.hashOf(two.priceSeries('AAA', day(1), day(8))),
    );
    const answers = [
      one.price('AAA', day(4)),
      one.price('AAA', day(5)),
      one.price('ZZZ', day(5)),
      one.rate('USD', 'CAD', day(4)),
      one.rate('CAD', 'USD', day(4)),
      one.priceSeries('AAA', day(0), day(9)),
    ];
    expect(new Set(answers.map((answer) => one.hashOf(answer))).size).toBe(answers.length);
  });

  it('is computed once, since a look-up gives the same object again', () => {
    const pack = packOf(all);
    expect(pack.price('AAA', day(4))).toBe(pack.price('AAA', day(3)));
    expect(pack.rate('CAD', 'USD', day(4))).toBe(pack.rate('CAD', 'USD', day(4)));
    expect(pack.priceSeries('AAA', day(0), day(9))).toBe(pack.priceSeries('AAA', day(0), day(9)));
  });
});
