import { withStore, type Database } from '@dawsos/database';
import { z } from 'zod';

/** What is counted: each answer or file, the principals who got one, or the runs that they showed. */
export const USAGE_UNITS = ['uses', 'users', 'runs'] as const;
export const UsageUnitSchema = z.enum(USAGE_UNITS);
export const USAGE_PERIODS = ['day', 'month', 'total'] as const;
export const UsagePeriodSchema = z.enum(USAGE_PERIODS);

export interface UsageQuery {
  /** From this time on, before that one. */
  readonly from: Date;
  readonly to: Date;
  readonly unit: z.infer<typeof UsageUnitSchema>;
  readonly by: z.infer<typeof UsagePeriodSchema>;
}

export const UsageRowSchema = z.object({
  /** The first day of the period, UTC. */
  period_start: z.iso.date(),
  source: z.string(),
  action: z.enum(['display', 'export']),
  format: z.string().nullable(),
  unit: UsageUnitSchema,
  count: z.int(),
  /** Requests that this source blocked, whole or in part, in the same period. */
  blocked: z.int(),
});
export type UsageRow = z.infer<typeof UsageRowSchema>;

/** One row a decision and source; `used` tells whether the source's data went out. */
const USAGE = `
  with decided as (
    select d.decision_id, d.principal_id, d.run_id, d.action, d.format, s.source, s.used,
      case $3::text when 'total' then $1::timestamptz
        else date_trunc($3::text, d.decided_at, 'UTC') end as period
    from rights_decision d
    cross join lateral (
      select unnest(d.sources_used) as source, true as used
      union all select unnest(d.sources_blocked), false) s
    where d.decided_at >= $1 and d.decided_at < $2)
  select to_char(period at time zone 'UTC', 'YYYY-MM-DD') as period_start, source, action, format,
    $4::text as unit,
    (case $4::text
      when 'users' then count(distinct principal_id) filter (where used)
      when 'runs' then count(distinct run_id) filter (where used)
      else count(*) filter (where used) end)::int as count,
    (count(*) filter (where not used))::int as blocked
  from decided
  group by period, source, action, format
  order by period, source, action, format`;

/** Displays and exports per source, as data vendors ask for them. */
export async function rightsUsage(database: Database, query: UsageQuery): Promise<readonly UsageRow[]> {
  const { rows } = await withStore(() =>
    database.pool.query<UsageRow>(USAGE, [query.from, query.to, query.by, query.unit]),
  );
  return rows;
}
