import { placeholdersOf, type PatternDefinition } from '@dawsos/contracts';
import type { JSONPath } from 'jsonc-parser';

/** Each path into the outputs that a presentation names, and where it stands in the pattern. */
export function presentedPaths(
  presentation: PatternDefinition['presentation'],
): readonly { readonly text: string; readonly path: JSONPath }[] {
  if (presentation === undefined) return [];
  const { panels, subject, key_figures = [], summary = [] } = presentation;
  const inSentence = (sentence: string | undefined, ...path: (string | number)[]) =>
    placeholdersOf(sentence ?? '').map((placeholder) => ({
      text: placeholder.path,
      path: ['presentation', ...path],
    }));
  return [
    ...(subject === undefined ? [] : [{ text: subject, path: ['presentation', 'subject'] }]),
    ...key_figures.flatMap(({ source, note }, index) => [
      { text: source, path: ['presentation', 'key_figures', index, 'source'] },
      ...inSentence(note, 'key_figures', index, 'note'),
    ]),
    ...summary.flatMap((sentence, index) => inSentence(sentence, 'summary', index)),
    ...panels.flatMap(({ source, finding }, index) => [
      { text: source, path: ['presentation', 'panels', index, 'source'] },
      ...inSentence(finding, 'panels', index, 'finding'),
    ]),
  ];
}
