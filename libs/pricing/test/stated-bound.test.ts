import path from 'node:path';
import { Decimal, type IsoDate } from '@dawsos/contracts';
import { buildPack, createPricingPack, assessWorth, newestQuoteDate, readPriceFolder } from '../src';
import type { BuiltPack, PricingPack } from '../src';

jest.setTimeout(120_000);

const MARKET = path.resolve(__dirname, '../../../examples/market');
const TRIALS = 200;

/** A linear congruential generator (Numerical Recipes): the same trials each time. */
function createDraw(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** The pack without what `names` were quoted at after `last`. */
function withhold(built: BuiltPack, names: ReadonlySet<string>, last: IsoDate): PricingPack {
  const series = built.series.map((own) => {
    if (!names.has(own.name)) return own;
    const lines = own.text.split('\n').filter((line) => line.slice(0, 10) <= last);
    return { ...own, text: lines.join('\n') };
  });
  return createPricingPack({ id: built.id, hash: built.hash, asofDate: built.key.asofDate, series });
}

it('the stated bound holds on the example’s history as often as its confidence says', async () => {
  const sources = await readPriceFolder(MARKET);
  const built = buildPack({ asofDate: newestQuoteDate(sources)!, sources });
  const truth = createPricingPack({
    id: built.id,
    hash: built.hash,
    asofDate: built.key.asofDate,
    series: built.series,
  });
  const days = built.series[0]!.text.split('\n').map((line) => line.slice(0, 10) as IsoDate);
  const draw = createDraw(20251022);
  const units = new Decimal(100);
  let held = 0;
  for (let trial = 0; trial < TRIALS; trial += 1) {
    const at = 300 + draw(days.length - 300);
    const age = 1 + draw(15);
    // one name a trial: with several, adding their bounds would hide a bound that is too small
    const name = truth.commodities[draw(truth.commodities.length)]!;
    const request = {
      holdings: [{ commodity: name, units }],
      baseCurrency: truth.price(name, days[at]!)!.currency,
      asked: days[at]!,
      policy: { maxAgeBusinessDays: 0, confidence: '0.95' as const },
    };
    const stale = assessWorth(withhold(built, new Set([name]), days[at - age]!), request);
    const fresh = assessWorth(truth, request);
    expect(stale.stale_share).toBe('1');
    const error = new Decimal(fresh.gross_value).minus(stale.gross_value).abs();
    if (error.lte(stale.bound!)) held += 1;
  }
  // the binomial deviation of 200 trials at 0.95 is 0.0154: two of them below are the least that is believed
  expect(held / TRIALS).toBeGreaterThanOrEqual(0.919);
});
