import { Decimal } from '@dawsos/contracts';
import { day, price, rate } from '../__fixtures__/quotes';
import { buildPack } from '../builds/build-pack';
import { dailyVolatility } from './daily-volatility';
import { assessWorth } from './portfolio-worth';
import { createMarkets, MarketsSchema, type MarketsDefinition } from '../calendar/markets';
import { createPricingPack } from '../pack/price-lookup';
import type { PricingPack } from '../pack/pricing-pack';
import type { Quote } from '../sources/quote';
import type { WorthPolicy } from './worth';

const asked = day(60);
const policy: WorthPolicy = { maxAgeBusinessDays: 2 };

function packOf(quotes: Quote[]): PricingPack {
  const { id, hash, series } = buildPack({ asofDate: asked, sources: [{ quotes }] });
  return createPricingPack({ id, hash, series, asofDate: asked });
}

/** 1 % up, back, and so on, on each of the first `count` business days; 2024-01-01 was a Monday. */
function zigzag(commodity: string, count: number, low = '100', high = '101'): Quote[] {
  const days = Array.from({ length: 90 }, (_unused, index) => day(index)).filter(
    (date) => new Date(date).getUTCDay() % 6 !== 0,
  );
  return days.slice(0, count).map((date, index) => price(commodity, date, index % 2 === 0 ? low : high));
}
const holding = (commodity: string, units: number) => ({ commodity, units: new Decimal(units) });

describe('daily volatility', () => {
  it('is the root of the mean squared return', () => {
    const points = zigzag('AAA', 31).map((quote) => ({
      date: quote.date,
      number: new Decimal(quote.number),
    }));
    // half the returns are 1/100, half are -1/101: the root of the mean of their squares
    expect(dailyVolatility(points)?.toFixed(8)).toBe('0.00995062');
  });

  it('takes a return over n business days for n days’ variance', () => {
    const monthly = Array.from({ length: 30 }, (_unused, index) => ({
      date: day(index * 28),
      number: new Decimal(index % 2 === 0 ? 100 : 101),
    }));
    // 28 days are 20 business days
    expect(dailyVolatility(monthly)?.times(new Decimal(20).sqrt()).toFixed(6)).toBe('0.009952');
  });

  it('says nothing with fewer than 20 returns', () => {
    const few = zigzag('AAA', 20).map((quote) => ({ date: quote.date, number: new Decimal(quote.number) }));
    expect(dailyVolatility(few)).toBeUndefined();
  });
});

describe('freshness by worth', () => {
  const fx = [rate('USD', 'CAD', asked, '1.25')];

  it('finds nothing stale', () => {
    const pack = packOf([price('AAA', day(58), '100'), ...fx]);
    // day(58) is Wednesday 2024-02-28, day(60) a Friday: two business days
    expect(
      assessWorth(pack, {
        holdings: [holding('AAA', 3), holding('CAD', 5)],
        baseCurrency: 'CAD',
        asked,
        policy,
      }),
    ).toMatchObject({
      gross_value: '380',
      stale_value: '0',
      stale_share: '0',
      bound: '0',
      bound_bp: '0',
      needed: [],
    });
  });

  it('bounds what a stale price can have moved by: z·σ·√a of its value', () => {
    const pack = packOf([...zigzag('AAA', 31), price('BBB', asked, '100'), ...fx]);
    const found = assessWorth(pack, {
      holdings: [holding('AAA', 10), holding('BBB', 10)],
      baseCurrency: 'USD',
      asked,
      policy,
    });
    // the last of 31 business days is Monday 2024-02-12, 14 business days before Friday 2024-03-01
    expect(found).toMatchObject({
      gross_value: '2000',
      stale_value: '1000',
      stale_share: '0.5',
      positions: [
        { commodity: 'AAA', stale: true, links: [{ age_business_days: 14, allowed_business_days: 2 }] },
        { commodity: 'BBB', stale: false, bound: '0' },
      ],
      needed: [{ kind: 'price', name: 'AAA', date: asked, last_date: '2024-02-12' }],
    });
    // 1000 × 2.575829 × 0.00995062 × √14
    expect(Number(found.bound)).toBeCloseTo(1000 * 2.575829 * 0.00995062 * Math.sqrt(14), 3);
    expect(Number(found.bound_bp)).toBeCloseTo(Number(found.bound) / 0.2, 3);
  });

  it('takes the age of a converted price from the oldest link', () => {
    const rates = zigzag('X', 31, '1.25', '1.26').map((quote) =>
      rate('USD', 'CAD', quote.date, quote.number),
    );
    const pack = packOf([price('AAA', asked, '100'), ...rates]);
    const found = assessWorth(pack, { holdings: [holding('AAA', 1)], baseCurrency: 'CAD', asked, policy });
    expect(found.positions[0]).toMatchObject({
      stale: true,
      links: [
        { kind: 'price', stale: false, daily_volatility: null },
        { kind: 'rate', name: 'USD CAD', date: '2024-02-12', stale: true },
      ],
    });
  });

  it('lets one instrument be older than the rest, and counts holidays as no days', () => {
    const pack = packOf([...zigzag('AAA', 31), ...fx]);
    const assess = (own: WorthPolicy) =>
      assessWorth(pack, { holdings: [holding('AAA', 1)], baseCurrency: 'USD', asked, policy: own })
        .stale_share;
    expect(assess(policy)).toBe('1');
    const marketsOf = (definition: MarketsDefinition) => createMarkets(MarketsSchema.parse(definition));
    const patient = marketsOf({ instruments: { AAA: { max_age_business_days: 14 } } });
    expect(assess({ ...policy, markets: patient })).toBe('0');
    expect(assess({ maxAgeBusinessDays: 13 })).toBe('1');
    const holiday = marketsOf({
      calendars: { XTST: { holidays: ['2024-02-19'] } },
      instruments: { AAA: { calendar: 'XTST' } },
    });
    expect(assess({ maxAgeBusinessDays: 13, markets: holiday })).toBe('0');
  });

  it('states no bound without enough history, or with a price missing', () => {
    const short = packOf([...zigzag('AAA', 5), ...fx]);
    const request = { baseCurrency: 'USD', asked, policy };
    expect(assessWorth(short, { ...request, holdings: [holding('AAA', 1)] })).toMatchObject({
      bound: null,
      bound_bp: null,
      stale_share: '1',
    });
    expect(assessWorth(short, { ...request, holdings: [holding('ZZZ', 1)] })).toMatchObject({
      bound: null,
      needed: [{ kind: 'price', name: 'ZZZ', date: asked, last_date: null }],
    });
    const noRate = packOf([price('AAA', asked, '1', 'JPY'), ...fx]);
    expect(assessWorth(noRate, { ...request, holdings: [holding('AAA', 1)] }).needed).toEqual([
      { kind: 'rate', name: 'JPY USD', date: asked, last_date: null },
    ]);
  });
});
