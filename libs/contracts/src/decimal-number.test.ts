import { Decimal as BaseDecimal } from 'decimal.js';
import { Decimal } from './decimal-number';

const Peer = BaseDecimal.clone({
  precision: 28,
  rounding: BaseDecimal.ROUND_HALF_EVEN,
  toExpNeg: -9_000_000,
  toExpPos: 9_000_000,
  minE: -9_000_000,
  maxE: 9_000_000,
});

/** `DECIMAL_PAIRS=100000000 npx jest decimal-number` compares as many. */
const PAIRS = Number(process.env['DECIMAL_PAIRS'] ?? 100_000);
const SEED = Number(process.env['DECIMAL_SEED'] ?? 20_261_127);

/** Mulberry32: small, seeded, good enough to choose digits. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = randomOf(SEED);
const below = (limit: number): number => Math.floor(random() * limit);

/** Zeros of both signs, small integers, prices, values of full length, nines and halves that round, far exponents. */
function someText(): string {
  const sign = random() < 0.4 ? '-' : '';
  const kind = below(12);
  if (kind === 0) return `${sign}0`;
  if (kind < 4) return `${sign}${String(below(1_000))}.${String(below(10_000))}`;
  if (kind === 4) return `${sign}${'9'.repeat(1 + below(28))}.${'9'.repeat(below(12))}`;
  if (kind === 5) return `${sign}${String(below(10 ** 9))}${'0'.repeat(below(20))}.5`;
  const digits = Array.from({ length: 1 + below(kind < 9 ? 15 : 34) }, () => String(below(10))).join('');
  const point = below(digits.length + 1);
  const text = `${digits.slice(0, point)}.${digits.slice(point)}`;
  return kind === 11 ? `${sign}${text}e${String(below(80) - 40)}` : sign + text;
}

type Both = readonly [Decimal, BaseDecimal];
const both = (text: string): Both => [new Decimal(text), new Peer(text)];

const OPERATIONS = ['plus', 'minus', 'times', 'div'] as const;

const faultOf = (mine: Decimal, peer: BaseDecimal, what: string): string[] =>
  mine.valueOf() === peer.valueOf()
    ? []
    : [`${what} is ${mine.valueOf()}; decimal.js says ${peer.valueOf()}`];

describe(`decimals and decimal.js agree on ${String(PAIRS)} random pairs (seed ${String(SEED)})`, () => {
  it('in sums, differences, products and quotients, and in what is computed from those', () => {
    const faults: string[] = [];
    let chained: Both = both('1');
    for (let pair = 0; pair < PAIRS && faults.length < 5; pair += 1) {
      const [left, right] = [someText(), someText()];
      const [a, peerA] = both(left);
      const [b, peerB] = both(right);
      for (const operation of OPERATIONS) {
        const result: Both = [a[operation](b), peerA[operation](peerB)];
        faults.push(...faultOf(...result, `${left} ${operation} ${right}`));
        const next: Both = [chained[0][operation](result[0]), chained[1][operation](result[1])];
        faults.push(...faultOf(...next, `${chained[1].valueOf()} ${operation} ${result[1].valueOf()}`));
        const isKept = next[0].isFinite() && !next[0].isZero() && Math.abs(peerExponent(next[1])) < 60;
        chained = isKept ? next : both('1.1');
      }
      if (a.comparedTo(b) !== peerA.comparedTo(peerB)) faults.push(`${left} compared to ${right}`);
    }
    expect(faults).toEqual([]);
  });

  it('in rounding, text and questions', () => {
    const faults: string[] = [];
    for (let number = 0; number < PAIRS / 4 && faults.length < 5; number += 1) {
      const text = someText();
      const [mine, peer] = both(text);
      const places = below(14);
      for (const rounding of [0, 1, 2, 3, 4, 5, 6] as const) {
        faults.push(
          ...faultOf(
            mine.toDecimalPlaces(places, rounding),
            peer.toDecimalPlaces(places, rounding),
            `${text} to ${String(places)} places, ${String(rounding)}`,
          ),
        );
        if (mine.toFixed(places, rounding) !== peer.toFixed(places, rounding)) faults.push(`${text} fixed`);
      }
      const digits = 1 + below(20);
      const significant = [mine.toSignificantDigits(digits), peer.toSignificantDigits(digits)] as const;
      faults.push(...faultOf(...significant, `${text} to ${String(digits)} digits`));
      const told = (value: Decimal | BaseDecimal): readonly unknown[] => [
        value.toFixed(),
        value.toString(),
        value.toNumber(),
        value.isZero(),
        value.isNegative(),
        value.isPositive(),
        value.isInteger(),
        value.decimalPlaces(),
        value.isZero() ? 1 : value.precision(),
        value.negated().valueOf(),
        value.abs().valueOf(),
      ];
      if (!mine.isZero() && mine.exponent !== peer.e)
        faults.push(`${text}: exponent ${String(mine.exponent)}`);
      if (JSON.stringify(told(mine)) !== JSON.stringify(told(peer))) {
        faults.push(`${text}: ${JSON.stringify(told(mine))}; decimal.js: ${JSON.stringify(told(peer))}`);
      }
    }
    expect(faults).toEqual([]);
  });
});

const peerExponent = (value: BaseDecimal): number => (value.isZero() ? 0 : value.e);

describe('a decimal', () => {
  it('is infinite or NaN after a division by zero, and stays so', () => {
    const zero = new Decimal(0);
    const infinite = new Decimal(1).div(zero);
    expect([infinite.isFinite(), infinite.plus(1).isFinite(), infinite.times('1e40').isFinite()]).toEqual([
      false,
      false,
      false,
    ]);
    expect(zero.div(zero).isNaN()).toBe(true);
    expect(new Decimal(1).div(infinite).isZero()).toBe(true);
  });

  it('takes powers, roots and logarithms at the same precision', () => {
    expect(new Decimal(2).sqrt().toString()).toBe('1.414213562373095048801688724');
    expect(new Decimal('1.1').pow('0.5').toString()).toBe(new Peer('1.1').pow('0.5').toString());
    expect(new Decimal(10).ln().toString()).toBe(new Peer(10).ln().toString());
  });

  it.each(['', '.', '-', '1,5', '0x10', 'NaN', 'Infinity', '1e', '--1', ' 1'])(
    'is not made of %j',
    (text) => {
      expect(() => new Decimal(text)).toThrow(RangeError);
    },
  );

  it('takes the least and the greatest of several', () => {
    expect(Decimal.max('1', '3', '2').toString()).toBe('3');
    expect(Decimal.min('1', '-3', '2').toString()).toBe('-3');
  });
});
