import { DawsosError, type IsoDate, type Read } from '@dawsos/contracts';
import type { LedgerSnapshot } from '@dawsos/ledger';
import type { DataSources } from '@dawsos/market-data';
import type { PricingPack } from '@dawsos/pricing';
import type { LedgerReader, PackReader } from '../capability';
import { ledgerAnswers } from './ledger-answers';
import { type Answer, packAnswers } from './pack-answers';
import { questionOf } from './question';
import { createSourceReader, NO_SOURCES, type SourceReader } from './source-reader';

/** What a run may read: pinned, so that equal worlds give equal answers. */
export interface World {
  readonly pack: PricingPack;
  readonly ledger: LedgerSnapshot;
  readonly portfolioId: string | null;
  readonly asofDate: IsoDate;
  /** Series, statements and news; none when absent. */
  readonly sources?: DataSources;
}

export interface Recorder {
  readonly pack: PackReader;
  readonly ledger: LedgerReader;
  readonly source: SourceReader;
  /** What was read so far: equal reads once, in the order of kind and key. */
  reads(): readonly Read[];
}

/** Readers over a run's world that note each look-up; what is asked of a source ends with `signal`. */
export function createRecorder(
  { pack, ledger, portfolioId, sources = NO_SOURCES }: World,
  signal?: AbortSignal,
): Recorder {
  const noted = new Map<string, Read>();
  function note<T>({ value, read }: Answer<T>): T {
    noted.set(`${read.kind} ${read.key}`, read);
    return value;
  }
  return {
    pack: packReader(pack, note),
    ledger: ledgerReader(ledger, portfolioId, note),
    source: createSourceReader(sources, note, signal),
    reads: () => [...noted.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, read]) => read),
  };
}

type Note = <T>(answer: Answer<T>) => T;

function packReader(pack: PricingPack, note: Note): PackReader {
  const answers = packAnswers(pack);
  const reader: PackReader = {
    asofDate: pack.asofDate,
    price: (commodity, date) => note(answers.price({ ask: 'price', commodity, date })),
    requirePrice(commodity, date) {
      const point = reader.price(commodity, date);
      if (point !== undefined) return point;
      throw new DawsosError(
        'price_missing',
        `the pack ${pack.id} has no price of ${commodity} on or before ${date}`,
        {
          extensions: { commodity, date, pricing_pack_id: pack.id },
        },
      );
    },
    priceSeries: (commodity, from, to) => note(answers.prices({ ask: 'prices', commodity, from, to })),
    rate: (base, quote, date) => note(answers.rate({ ask: 'rate', base, quote, date })),
    requireRate(base, quote, date) {
      const point = reader.rate(base, quote, date);
      if (point !== undefined) return point.number;
      throw new DawsosError(
        'rate_missing',
        `the pack ${pack.id} has no rate ${base} to ${quote} on or before ${date}`,
        {
          extensions: { base, quote, date, pricing_pack_id: pack.id },
        },
      );
    },
    rateSeries: (base, quote, from, to) => note(answers.rates({ ask: 'rates', base, quote, from, to })),
  };
  return reader;
}

function ledgerReader(ledger: LedgerSnapshot, portfolioId: string | null, note: Note): LedgerReader {
  const answers = ledgerAnswers(ledger, portfolioId);
  return {
    portfolio: () => note(answers.portfolio()),
    entries: ({ from, to }) => note(answers.entries({ ask: 'entries', from, to })),
    lotEntries: (to) => note(answers.lots({ ask: 'lots', to })),
    commodity: (currency) => note(answers.commodity({ ask: 'commodity', currency })),
    facts: (commodity) => note(answers.facts({ ask: 'facts', commodity })),
    account: (name) => note(answers.account({ ask: 'account', name })),
    customs: (name, to) => note(answers.customs({ ask: 'customs', name, to })),
  };
}

/** Whether a read, asked anew in this world, has the answer that was recorded. What a source said never holds: no pin keeps it. */
export function stillHolds(read: Read, { pack, ledger, portfolioId }: World): boolean {
  const question = questionOf(read.kind, read.key);
  if (question === undefined) return false;
  const prices = packAnswers(pack);
  const entries = ledgerAnswers(ledger, portfolioId);
  switch (question.ask) {
    case 'price':
      return prices.price(question).read.hash === read.hash;
    case 'prices':
      return prices.prices(question).read.hash === read.hash;
    case 'rate':
      return prices.rate(question).read.hash === read.hash;
    case 'rates':
      return prices.rates(question).read.hash === read.hash;
    case 'portfolio':
      return entries.portfolio().read.hash === read.hash;
    case 'entries':
      return entries.entries(question).read.hash === read.hash;
    case 'lots':
      return entries.lots(question).read.hash === read.hash;
    case 'commodity':
      return entries.commodity(question).read.hash === read.hash;
    case 'facts':
      return entries.facts(question).read.hash === read.hash;
    case 'account':
      return entries.account(question).read.hash === read.hash;
    case 'customs':
      return entries.customs(question).read.hash === read.hash;
  }
}
