import { PackBuildSchema, WantedQuoteSchema, type PackBuild, type WantedQuote } from '@dawsos/contracts';
import { sql } from 'kysely';
import { z } from 'zod';

/** The columns that a build is shown from; the day as text, since drivers make different things of a date. */
export const BUILD_COLUMNS = [
  'build_id',
  'state',
  sql<string | null>`asof_date::text`.as('asof_date'),
  'policy',
  'restate_reason',
  'wanted',
  'ledger_commit_hash',
  'sources',
  'pack_id',
  'created',
  'attempts',
  'phase',
  'rows_done',
  'rows_total',
  'error_code',
  'error_detail',
  'traceparent',
  'request_id',
  'created_at',
  'started_at',
  'finished_at',
] as const;

export interface BuildRow extends Omit<
  PackBuild,
  'trace_id' | 'created_at' | 'started_at' | 'finished_at' | 'error_detail'
> {
  readonly wanted: unknown;
  readonly sources: string | null;
  readonly error_detail: unknown;
  readonly traceparent: string | null;
  readonly request_id: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
}

export function buildOf(row: BuildRow): PackBuild {
  // the schema leaves out what is not shown
  return PackBuildSchema.parse({
    ...row,
    trace_id: row.traceparent?.split('-')[1] ?? null,
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
  });
}

export function wantedOf(row: Pick<BuildRow, 'wanted'>): readonly WantedQuote[] {
  return z.array(WantedQuoteSchema).parse(row.wanted);
}
