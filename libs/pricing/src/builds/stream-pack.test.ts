import fc from 'fast-check';
import { propertyRuns } from '@dawsos/testing/property-runs';
import { day, quotes } from '../__fixtures__/quotes';
import { buildPack } from './build-pack';
import type { SourceStream } from '../sources/merge-quotes';
import type { Quote } from '../sources/quote';
import { streamPack } from './stream-pack';

const key = { asofDate: day(30), policy: 'CLOSE', restatement: 0 };

async function* oneByOne(all: readonly Quote[]): AsyncGenerator<Quote> {
  yield* all;
}

describe('a pack built from a stream', () => {
  it('is the one that is built in memory, however short its runs', async () => {
    await fc.assert(
      fc.asyncProperty(quotes, fc.integer({ min: 1, max: 12 }), fc.nat(), async (all, runLength, cut) => {
        const half = cut % (all.length + 1);
        const sources: SourceStream[] = [
          { quotes: all.slice(half), isMoney: (name) => ['GBP', 'CAD', 'EUR', 'JPY', 'USD'].includes(name) },
          { quotes: { [Symbol.asyncIterator]: () => oneByOne(all.slice(0, half)) } },
        ];
        const expected = buildPack({
          ...key,
          sources: [
            {
              quotes: all.slice(half),
              isMoney: (name) => ['GBP', 'CAD', 'EUR', 'JPY', 'USD'].includes(name),
            },
            { quotes: all.slice(0, half) },
          ],
        });
        const built = await streamPack(key, sources, () => true, runLength);
        const series = [];
        for await (const one of built.series) series.push(one);
        await built.dispose();
        const byName = (a: { kind: string; name: string }, b: { kind: string; name: string }) =>
          `${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1;
        expect(series.sort(byName)).toEqual([...expected.series].sort(byName));
        const { id, hash, priceCount, rateCount, sources: names, sourceReports, report } = expected;
        expect(built).toMatchObject({
          id,
          hash,
          priceCount,
          rateCount,
          sources: names,
          sourceReports,
          report,
        });
        expect([...built.kept].sort(byName)).toEqual(
          [...expected.series].sort(byName).map(({ kind, name, text }) => ({ kind, name, text })),
        );
      }),
      { numRuns: propertyRuns(60) },
    );
  });

  it('keeps in memory only the commodities that are looked at, and the rates', async () => {
    const all: Quote[] = ['AAA', 'BBB'].map((commodity) => ({
      kind: 'price',
      commodity,
      date: day(1),
      number: '1',
      currency: 'USD',
      source: 'test',
      place: { file: 'a.csv', line: 2 },
      implicit: false,
    }));
    const built = await streamPack(key, [{ quotes: all }], (name) => name === 'BBB');
    expect(built.kept.map(({ name }) => name)).toEqual(['BBB']);
    expect(built.priceCount).toBe(2);
    await built.dispose();
  });
});
