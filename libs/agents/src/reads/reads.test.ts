import { isoDate } from '@dawsos/contracts';
import fc from 'fast-check';
import { openDirective, packWith, snapshotWith, worldWith } from '../__fixtures__/world';
import { askedDay, keyOf, type Question, questionOf } from './question';
import { createRecorder, stillHolds } from './recording';

const TODAY = isoDate('2025-10-22');

describe('recording readers', () => {
  test('note what was asked, what was answered, who vouches for it and of which day it is', () => {
    const { pack, ledger, reads } = createRecorder(worldWith());
    pack.requirePrice('AAPL', isoDate('2025-10-21'));
    pack.priceSeries('AAPL', isoDate('2025-01-01'), TODAY);
    expect(pack.requireRate('USD', 'CAD', TODAY).toFixed()).toBe('1.4012');
    ledger.portfolio();
    ledger.entries({ to: TODAY });
    expect(reads().map(({ kind, key, sources, value_date }) => [kind, key, sources, value_date])).toEqual([
      ['ledger', 'entries@..2025-10-22', ['ledger'], null],
      ['ledger', 'portfolio', ['ledger'], null],
      ['price', 'AAPL@2025-01-01..2025-10-22', ['close'], '2025-10-22'],
      ['price', 'AAPL@2025-10-21', ['close'], '2025-10-20'],
      ['rate', 'USD:CAD@2025-10-22', ['fx'], '2025-10-21'],
    ]);
    for (const { hash } of reads()) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('equal reads are one, in an order that does not hang on when they were made', () => {
    const [one, two] = [createRecorder(worldWith()), createRecorder(worldWith())];
    one.pack.price('AAPL', TODAY);
    one.pack.price('OLD', TODAY);
    one.pack.price('AAPL', TODAY);
    two.pack.price('OLD', TODAY);
    two.pack.price('AAPL', TODAY);
    expect(one.reads()).toEqual(two.reads());
    expect(one.reads()).toHaveLength(2);
  });

  test('what is not there is read as well, and a required one is an error that names it', () => {
    const { pack, reads } = createRecorder(worldWith());
    expect(pack.price('MSFT', TODAY)).toBeUndefined();
    expect(reads()).toMatchObject([{ key: 'MSFT@2025-10-22', sources: [], value_date: null }]);
    expect(() => pack.requirePrice('MSFT', TODAY)).toThrow(
      expect.objectContaining({ code: 'price_missing', message: expect.stringContaining('MSFT') as string }),
    );
    expect(() => pack.requireRate('USD', 'JPY', TODAY)).toThrow(
      expect.objectContaining({
        code: 'rate_missing',
        message: expect.stringContaining('USD to JPY') as string,
      }),
    );
  });

  test('a price that came, changed or went no longer holds; an equal one does', () => {
    const { pack, reads } = createRecorder(worldWith());
    pack.price('AAPL', TODAY);
    pack.price('MSFT', TODAY);
    const [aapl, msft] = reads();
    expect(stillHolds(aapl!, worldWith())).toBe(true);
    expect(stillHolds(msft!, worldWith())).toBe(true);
    expect(stillHolds(aapl!, worldWith({ pack: packWith(['2025-10-22 184.08 USD close']) }))).toBe(false);
    expect(stillHolds(aapl!, worldWith({ pack: packWith(['2025-10-22 184.07 USD other']) }))).toBe(false);
    expect(stillHolds(aapl!, worldWith({ pack: packWith(['2026-01-01 1 USD close']) }))).toBe(false);
  });

  test('entries hold while each directive in the range is the same, in another commit too', () => {
    const cash = openDirective('Assets:Growth:Cash', 1);
    const { ledger, reads } = createRecorder(worldWith({ ledger: snapshotWith([cash]) }));
    ledger.entries({ to: TODAY });
    const [read] = reads();
    const same = snapshotWith([openDirective('Assets:Growth:Cash', 1)], 'd'.repeat(40));
    const more = snapshotWith([cash, openDirective('Assets:Growth:Fees', 2)]);
    const moved = snapshotWith([openDirective('Assets:Growth:Cash', 7)]);
    expect([same, more, moved].map((snapshot) => stillHolds(read!, worldWith({ ledger: snapshot })))).toEqual(
      [true, false, false],
    );
  });

  test('a key reads back as its question', () => {
    const day = fc
      .date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => isoDate(date.toISOString().slice(0, 10)));
    const currency = fc.stringMatching(/^[A-Z/][A-Z0-9'._-]{0,20}[A-Z0-9]$/);
    const question: fc.Arbitrary<Question> = fc.oneof(
      fc.record({ ask: fc.constant('price' as const), commodity: currency, date: day }),
      fc.record({ ask: fc.constant('prices' as const), commodity: currency, from: day, to: day }),
      fc.record({ ask: fc.constant('rate' as const), base: currency, quote: currency, date: day }),
      fc.record({ ask: fc.constant('rates' as const), base: currency, quote: currency, from: day, to: day }),
      fc.record({ ask: fc.constant('entries' as const), from: fc.option(day, { nil: undefined }), to: day }),
      fc.record({ ask: fc.constant('commodity' as const), currency }),
      fc.record({ ask: fc.constant('facts' as const), commodity: currency }),
      fc.record({
        ask: fc.constant('account' as const),
        name: fc.constantFrom('Assets:Cash', 'Vermögen:Bank:Giro'),
      }),
      fc.record({
        ask: fc.constant('customs' as const),
        name: fc.constantFrom('split', 'a @ b..c'),
        to: day,
      }),
      fc.constant({ ask: 'portfolio' as const }),
    );
    const kinds = { price: 'price', prices: 'price', rate: 'rate', rates: 'rate' } as Record<string, string>;
    fc.assert(
      fc.property(question, (asked) => {
        expect(questionOf(kinds[asked.ask] ?? 'ledger', keyOf(asked))).toEqual(asked);
      }),
    );
    expect(askedDay('AAPL@2022-01-03..2025-10-22')).toBe('2025-10-22');
    expect(askedDay('portfolio')).toBeUndefined();
  });

  test('a key that is none of ours never holds, and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom('price', 'rate', 'ledger', 'source'), fc.string(), (kind, key) => {
        const read = { kind: kind as 'price', key, hash: 'none', sources: [], value_date: null };
        expect(stillHolds(read, worldWith())).toBe(false);
      }),
    );
  });
});
