import type { RunReader } from '@dawsos/contracts';

/** `mayReadRun` as a predicate over a run `r`: the reader's parameters are $1 to $3 of every statement that reads runs. */
export const IS_READABLE = `r.principal_id = $1
    and ($2::text[] is null or r.portfolio_id = any($2))
    and ($3::text[] is null or r.required_permissions <@ $3)`;

type ReaderParameters = readonly [
  id: string,
  portfolios: readonly string[] | null,
  permissions: readonly string[] | null,
];

/** Null stands for all. */
export function readerParameters({ id, portfolios, permissions }: RunReader): ReaderParameters {
  return [id, portfolios === '*' ? null : portfolios, permissions ?? null];
}
