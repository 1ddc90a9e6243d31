/**
 * JSON whose numbers stay the text that they were sent as: a price is decimal, and `227.520` never becomes a float.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key: string, value: unknown, context?: Context) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value,
  );
}

/** ECMAScript 2025's third argument of a reviver, which TypeScript's library does not know yet. */
interface Context {
  readonly source?: string;
}
