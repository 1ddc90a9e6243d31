import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Decimal, type IsoDate } from '@dawsos/contracts';
import { buildPack, createPricingPack, assessWorth, newestQuoteDate, readPriceFolder } from '../src';
import type { BuiltPack, Confidence, PricingPack } from '../src';

jest.setTimeout(300_000);

const ROOT = path.resolve(__dirname, '../../..');
const TRIALS = 200;
const UNITS = new Decimal(100);

type Draw = (below: number) => number;

/** A linear congruential generator (Numerical Recipes): the same trials each time. */
function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
}

/** The last day that a price or rate is quoted on, where it is withheld after that, by `price NWND` or `rate USD CAD`. */
type Withheld = ReadonlyMap<string, IsoDate>;

function withhold(built: BuiltPack, withheld: Withheld): PricingPack {
  const series = built.series.map((own) => {
    const last = withheld.get(`${own.kind} ${own.name}`);
    if (last === undefined) return own;
    const lines = own.text.split('\n').filter((line) => line.slice(0, 10) <= last);
    return { ...own, text: lines.join('\n') };
  });
  return createPricingPack({ id: built.id, hash: built.hash, asofDate: built.key.asofDate, series });
}

interface Market {
  readonly built: BuiltPack;
  readonly truth: PricingPack;
  readonly days: readonly IsoDate[];
}

async function exampleMarket(): Promise<Market> {
  const sources = await readPriceFolder(path.join(ROOT, 'examples/market'));
  const built = buildPack({ asofDate: newestQuoteDate(sources)!, sources });
  const truth = withhold(built, new Map());
  const days = built.series[0]!.text.split('\n').map((line) => line.slice(0, 10) as IsoDate);
  return { built, truth, days };
}

/** What a trial holds, in which currency, and what it withholds for how long. */
interface Trial {
  readonly holdings: readonly string[];
  readonly baseCurrency: string;
  readonly ages: ReadonlyMap<string, number>;
}

/** One name in its own currency: with several, adding their bounds would hide one that is too small. */
function oneName({ truth, days }: Market, draw: Draw): Trial {
  const name = truth.commodities[draw(truth.commodities.length)]!;
  const baseCurrency = truth.price(name, days.at(-1)!)!.currency;
  return { holdings: [name], baseCurrency, ages: new Map([[`price ${name}`, 1 + draw(15)]]) };
}

/** One name, converted, its exchange rate old as well. */
function oneNameConverted({ truth, days, built }: Market, draw: Draw): Trial {
  const foreign = truth.commodities.filter((name) => truth.price(name, days.at(-1)!)!.currency !== 'CAD');
  const name = foreign[draw(foreign.length)]!;
  const rates = built.series.filter(({ kind }) => kind === 'rate');
  const age = 1 + draw(15);
  return {
    holdings: [name],
    baseCurrency: 'CAD',
    ages: new Map([
      [`price ${name}`, 1 + draw(15)],
      ...rates.map((rate) => [`rate ${rate.name}`, age] as const),
    ]),
  };
}

/** Every name, half of them old, each as old as it happens. */
function portfolio({ truth }: Market, draw: Draw): Trial {
  const old = truth.commodities.filter(() => draw(2) === 0);
  return {
    holdings: truth.commodities,
    baseCurrency: 'CAD',
    ages: new Map(old.map((name) => [`price ${name}`, 1 + draw(15)])),
  };
}

/** In how many of the trials the realised error of the value was within the stated bound. */
function trialsHeld(
  market: Market,
  confidence: Confidence,
  make: (market: Market, draw: Draw) => Trial,
): number {
  const { built, truth, days } = market;
  const draw = createDraw(20251022);
  let held = 0;
  for (let trial = 0; trial < TRIALS; trial += 1) {
    const at = 300 + draw(days.length - 300);
    const { holdings, baseCurrency, ages } = make(market, draw);
    const request = {
      holdings: holdings.map((commodity) => ({ commodity, units: UNITS })),
      baseCurrency,
      asked: days[at]!,
      policy: { maxAgeBusinessDays: 0, confidence },
    };
    const withheld = new Map([...ages].map(([name, age]) => [name, days[at - age]!]));
    const stale = assessWorth(withhold(built, withheld), request);
    const fresh = assessWorth(truth, request);
    if (ages.size > 0) expect(stale.stale_share).not.toBe('0');
    const error = new Decimal(fresh.gross_value).minus(stale.gross_value).abs();
    if (error.lte(stale.bound!)) held += 1;
  }
  return held;
}

/** The least that is believed: two binomial deviations below what the confidence says. */
function leastOf(confidence: Confidence): number {
  const p = Number(confidence);
  return TRIALS * p - 2 * Math.sqrt(TRIALS * p * (1 - p));
}

describe('the stated bound holds on the example’s history as often as its confidence says', () => {
  let market: Market;
  let docs: string;
  beforeAll(async () => {
    market = await exampleMarket();
    docs = await readFile(path.join(ROOT, 'docs/packs.md'), 'utf8');
  });

  it.each([
    ['one instrument', oneName],
    ['one instrument and its exchange rate', oneNameConverted],
    ['a portfolio, half of it old', portfolio],
  ])('for %s; docs/packs.md states the coverage', (what, make) => {
    const held = (['0.95', '0.99'] as const).map((confidence) => {
      const count = trialsHeld(market, confidence, make);
      expect(count).toBeGreaterThanOrEqual(leastOf(confidence));
      return `${String(count)} of ${String(TRIALS)}`;
    });
    expect(docs.replaceAll(/ +/g, ' ')).toContain(`| ${[what, ...held].join(' | ')} |`);
  });
});
