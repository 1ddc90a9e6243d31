import type { PackSummary } from '@dawsos/contracts';
import { sql } from 'kysely';

/** The columns of a summary; the day as text, since drivers make different things of a date. */
export const SUMMARY_COLUMNS = [
  'pack_id',
  sql<string>`asof_date::text`.as('asof_date'),
  'policy',
  'status',
  'content_hash',
  'created_at',
  'built_at',
  'superseded_by',
  'price_count',
  'rate_count',
  'sources',
  'error_code',
] as const;

interface SummaryRow extends Omit<PackSummary, 'created_at' | 'built_at'> {
  readonly created_at: Date;
  readonly built_at: Date | null;
}

export function summaryOf(row: SummaryRow): PackSummary {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    built_at: row.built_at?.toISOString() ?? null,
  };
}
