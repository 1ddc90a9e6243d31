import type { BuiltSeries, StreamedPack } from '../pack/pack-digest';
import type { SeriesText } from '../pack/pack-hash';
import type { SourceStream } from '../sources/merge-quotes';
import { createPackAssembler } from './pack-assembler';
import type { PackKey } from '../pack/pack-id';
import { sortQuotes } from '../sources/sort-quotes';

/** A pack whose series are not in memory, but for those that were asked to be kept. */
export interface SpooledPack extends StreamedPack {
  readonly kept: readonly SeriesText[];
  /** Removes what it holds on disk; its series cannot be read after that. */
  dispose(): Promise<void>;
}

/**
 * `buildPack` in bounded memory: however many quotes, a run of them and one subject's are in memory, and the series
 * that `keep` names (all rates are kept). The same quotes give the same hash as there.
 * @throws DawsosError what `buildPack` throws
 */
export async function streamPack(
  key: PackKey,
  sources: readonly SourceStream[],
  keep: (commodity: string) => boolean,
  runLength?: number,
): Promise<SpooledPack> {
  const spool = await sortQuotes(sources, key.asofDate, runLength);
  try {
    const assembler = createPackAssembler(key, spool.context);
    const kept: SeriesText[] = [];
    for await (const quotes of spool.subjects()) {
      for (const { kind, name, text } of assembler.add(quotes)) {
        if (kind === 'rate' || keep(name)) kept.push({ kind, name, text });
      }
    }
    const digest = assembler.finish();
    const series = { [Symbol.asyncIterator]: () => seriesOf(key, spool) };
    return { ...digest, series, kept, dispose: () => spool.dispose() };
  } catch (error) {
    await spool.dispose();
    throw error;
  }
}

async function* seriesOf(
  key: PackKey,
  spool: Awaited<ReturnType<typeof sortQuotes>>,
): AsyncGenerator<BuiltSeries> {
  const assembler = createPackAssembler(key, spool.context);
  for await (const quotes of spool.subjects()) yield* assembler.add(quotes);
}
