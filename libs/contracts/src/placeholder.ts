/** A figure's place in a sentence of a pattern: `{path}` or `{path:format}`. */
export interface Placeholder {
  readonly path: string;
  readonly format: string | null;
  /** Where the path begins in the sentence. */
  readonly at: number;
}

const PLACEHOLDER = /\{([\w.[\]]+)(?::(\w+))?\}/g;

export function placeholdersOf(sentence: string): readonly Placeholder[] {
  return [...sentence.matchAll(PLACEHOLDER)].map(({ 1: path = '', 2: format = null, index }) => ({
    path,
    format,
    at: index + 1,
  }));
}

/** The sentence with each place filled. */
export function fillPlaceholders(
  sentence: string,
  fill: (path: string, format: string | null) => string,
): string {
  return sentence.replaceAll(PLACEHOLDER, (_match, path: string, format: string | undefined) =>
    fill(path, format ?? null),
  );
}
