import type { Attributes } from '@opentelemetry/api';

declare const filtered: unique symbol;

/** What the PII filter returned. Sinks take nothing else, so sending a raw payload does not compile. */
export type Filtered<T> = T & { readonly [filtered]: true };
export type FilteredText = Filtered<string>;
export type FilteredFields = Filtered<Readonly<Record<string, unknown>>>;
export type FilteredAttributes = Filtered<Attributes>;

/** A string known at compile time: it can carry no client's data. A `string` that was computed is refused. */
export type Literal<S extends string> = string extends S ? never : S;

/** The one function that everything leaving the process goes through: pure, total, never throws, never mutates. */
export interface PiiFilter {
  fields(value: object): FilteredFields;
  text(value: string): FilteredText;
  attributes(value: Readonly<Record<string, unknown>>): FilteredAttributes;
  /** An error's code, name, filtered message, stack and causes, as plain data. */
  error(error: unknown): FilteredFields;
  /** The stable pseudonym of an id: 8 hex digits of SHA-256, or of HMAC-SHA-256 when a key is set. */
  pseudonym(id: string): FilteredText;
}
