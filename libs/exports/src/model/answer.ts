import { pick, type Presentation } from '@dawsos/contracts';
import { printedBridge } from './bridge-block';
import type { Fact } from './document';
import { cellOf } from './printed';
import { sentence } from './sentence';
import { figureOf } from './stated';
import { currencyOf, type Surroundings } from './surroundings';

/** What a reader is told before all else. */
export interface Answer {
  readonly keyFigures: readonly Fact[];
  /** Empty where the pattern has no sentence, or each rests on a gap. */
  readonly summary: string;
}

export function answerOf(
  { key_figures = [], summary = [], panels = [] }: Partial<Presentation>,
  exact: Readonly<Record<string, unknown>>,
  around: Surroundings,
): Answer {
  const bridges = new Set(panels.filter(({ kind }) => kind === 'bridge').map(({ source }) => source));
  const data = Object.fromEntries(
    Object.entries(exact).map(([name, figure]) => [
      name,
      bridges.has(name) ? printedBridge(figure, currencyOf(figure, around)) : figure,
    ]),
  );
  const keyFigures = key_figures.flatMap(({ title, source, format = 'text', note }): Fact[] => {
    const figure = data[figureOf(source)];
    // a part that the run was asked to leave out
    if (figure === undefined || figure === null) return [];
    const currency = currencyOf(figure, around);
    const isAmount = format === 'money' || format === 'change';
    const cell = cellOf(pick(data, source), { format, code: isAmount ? currency : null });
    return [{ title, cell, note: note === undefined ? null : sentence(note, data, currency) }];
  });
  const sentences = summary.flatMap((template) => sentence(template, data, around.baseCurrency) ?? []);
  return { keyFigures, summary: sentences.join(' ') };
}
